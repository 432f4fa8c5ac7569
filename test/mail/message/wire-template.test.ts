import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { fill, readyTemplate, sizeOf } from '../../../src/mail/message/fill.ts';
import { buildWireTemplate, type Sender } from '../../../src/mail/message/wire-template.ts';
import type { Rendered } from '../../../src/mail/render/rendered.ts';
import { fillSlots, makeSlots } from '../../../src/mail/render/rendered.ts';
import { morning } from '../../support/runtime.ts';

const slots = makeSlots('an edition', true);
const link = `https://news.example.org/unsubscribe/${slots.unsubscribe}`;

function aRendered(values: Partial<Rendered> = {}): Rendered {
  return {
    subject: 'Attention Is All You Need',
    preheader: 'and what came of it',
    html: `<!doctype html>\n<title>Papers</title>\n<p>Ünïcode &amp; ${'long '.repeat(300)}</p>\n<a href="${link}">Unsubscribe</a>\n.\n`,
    text: `Papers — today\n.\nFrom here on\n\n${'long '.repeat(300)}\n\n${link}\nhttps://news.example.org/preferences/${slots.preferences}\n`,
    slots,
    picks: 1,
    trimmed: [],
    ...values,
  };
}

function aSender(values: Partial<Sender> = {}): Sender {
  return {
    from: { name: 'Daily Papers', address: 'papers@news.example.org' },
    replyTo: null,
    listName: 'Daily Papers',
    unsubscribeBase: 'https://news.example.org/unsubscribe/',
    ...values,
  };
}

const reader = {
  address: 'ada@example.org',
  reader: '7',
  unsubscribe: `AQEB${'u'.repeat(38)}`,
  preferences: `AQEC${'p'.repeat(38)}`,
};
const stamp = { sendAt: morning, seed: 'seed1' };

const template = (rendered = aRendered(), sender = aSender()) =>
  buildWireTemplate(rendered, sender, stamp);
const message = (rendered = aRendered(), sender = aSender(), values = reader) =>
  Buffer.concat(fill(readyTemplate(template(rendered, sender)), values));
const headersOf = (bytes: Buffer) =>
  bytes
    .toString('latin1')
    .split('\r\n\r\n')[0]
    ?.replace(/\r\n[ \t]/g, ' ') ?? '';
const headerOf = (bytes: Buffer, name: string) =>
  headersOf(bytes)
    .split('\r\n')
    .find(line => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
const contentOf = (text: string) =>
  fillSlots(text, slots, { unsubscribe: reader.unsubscribe, preferences: reader.preferences })
    .trimEnd()
    .replace(/\r\n/g, '\n');

/** What two mail readers that share no code make of a message. */
async function readTwice(bytes: Buffer) {
  const [one, other] = [await simpleParser(bytes), await PostalMime.parse(bytes)];
  const clean = (text: string | false | undefined) => (text || '').replace(/\r\n/g, '\n').trimEnd();
  return [
    {
      subject: one.subject,
      from: one.from?.value[0],
      to: [one.to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address)),
      text: clean(one.text),
      html: clean(one.html),
      messageId: one.messageId,
    },
    {
      subject: other.subject,
      from: other.from,
      to: other.to?.map(({ address }) => address),
      text: clean(other.text),
      html: clean(other.html),
      messageId: other.messageId,
    },
  ];
}

const subjects = [
  'Plain',
  '{{x}} <script>alert("hi")</script> & more',
  'Line one\r\nBcc: victim@example.org',
  '漢字 и кириллица — a long subject that needs more than a single encoded word to be told',
  '=?utf-8?B?SGk=?=',
];

describe('a filled template', () => {
  it.each(subjects)('is read back alike by two mail readers: %s', async subject => {
    const rendered = aRendered({ subject });
    const expected = {
      subject: subject.replace(/\s+/g, ' '),
      from: { name: 'Daily Papers', address: 'papers@news.example.org' },
      to: ['ada@example.org'],
      text: contentOf(rendered.text),
      html: contentOf(rendered.html),
      messageId: '<seed1.7@news.example.org>',
    };
    expect(await readTwice(message(rendered))).toEqual([expected, expected]);
  });

  it.each(['Müller, Jörg "JM" <x@y>', 'a@b.example', '漢字'])(
    'names its sender as set: %s',
    async name => {
      const sender = aSender({ from: { name, address: 'papers@news.example.org' } });
      for (const { from } of await readTwice(message(aRendered(), sender))) {
        expect(from).toEqual({ name, address: 'papers@news.example.org' });
      }
    },
  );

  it.each(["o'neil+tag@example.org", 'a&b=c%d@mail.example', '{x}|y@example.org'])(
    'reaches unusual addresses: %s',
    async address => {
      for (const { to } of await readTwice(message(undefined, undefined, { ...reader, address }))) {
        expect(to).toEqual([address]);
      }
    },
  );

  it.each(['jürgen@example.org', '伊昭傑@example.org', 'राम@example.org', '😀.x@example.org'])(
    'names an address beyond ASCII in UTF-8, and is 7-bit but for that: %s',
    async address => {
      const bytes = message(undefined, undefined, { ...reader, address });
      const to = Buffer.from(`\r\nTo: <${address}>\r\n`);
      expect(bytes.includes(to)).toBe(true);
      expect(bytes.toString('latin1').replace(to.toString('latin1'), '')).toMatch(/^[\t\r\n -~]*$/);
      const segments = fill(readyTemplate(template()), { ...reader, address });
      expect(sizeOf(segments)).toBe(bytes.length);
      for (const { to: read } of await readTwice(bytes)) expect(read).toEqual([address]);
    },
  );

  it('is multipart/alternative with the text first', async () => {
    const bytes = message();
    expect(headerOf(bytes, 'Content-Type')).toMatch(/^multipart\/alternative; boundary="/);
    const types = [...bytes.toString('latin1').matchAll(/^Content-Type: (text\/\w+)/gm)];
    expect(types.map(([, type]) => type)).toEqual(['text/plain', 'text/html']);
  });

  it('has lines of at most 998 octets, 7-bit, and no bare CR or LF', () => {
    const lines = message(aRendered({ subject: 'x'.repeat(3_000) }))
      .toString('latin1')
      .split('\r\n');
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(998);
    expect(lines.filter(line => /[^\t -~]/.test(line))).toEqual([]);
  });

  it('needs no dot-stuffing and ends in one line end', () => {
    const text = message().toString('latin1');
    expect(text).not.toMatch(/^\./m);
    expect(text).toMatch(/[^\n]\r\n$/);
  });

  it('says how to leave: by one click, and by mail (RFC 8058 §3.1, RFC 2369 §3.2)', () => {
    const bytes = message();
    expect(headerOf(bytes, 'List-Unsubscribe')).toBe(
      `<https://news.example.org/unsubscribe/${reader.unsubscribe}>, ` +
        `<mailto:papers@news.example.org?subject=unsubscribe%20${reader.unsubscribe}>`,
    );
    expect(headerOf(bytes, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(headerOf(bytes, 'List-Id')).toBe('Daily Papers <daily-papers.news.example.org>');
  });

  it('says how to leave by mail alone where there is no public address', () => {
    const bytes = message(aRendered(), aSender({ unsubscribeBase: null }));
    expect(headerOf(bytes, 'List-Unsubscribe')).toMatch(/^<mailto:papers@news\.example\.org\?/);
    expect(headersOf(bytes)).not.toMatch(/List-Unsubscribe-Post/);
  });

  it('promises no one click over plain http', () => {
    const base = 'http://127.0.0.1:3000/unsubscribe/';
    expect(headersOf(message(aRendered(), aSender({ unsubscribeBase: base })))).not.toMatch(
      /List-Unsubscribe-Post/,
    );
  });

  it('writes addresses with special characters so that a mailto link keeps them', () => {
    const replyTo = { name: null, address: 'a&b?c@example.org' };
    expect(headerOf(message(aRendered(), aSender({ replyTo })), 'List-Unsubscribe')).toContain(
      '<mailto:a%26b%3Fc@example.org?subject=',
    );
  });

  it('sends answers to REPLY_TO, and that alone has the header', () => {
    const replyTo = { name: null, address: 'editor@example.org' };
    expect(headerOf(message(aRendered(), aSender({ replyTo })), 'Reply-To')).toBe(
      '<editor@example.org>',
    );
    expect(headersOf(message())).not.toMatch(/Reply-To/);
  });

  it('has each header once', () => {
    const names = headersOf(message())
      .split('\r\n')
      .map(line => line.split(':')[0]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a template', () => {
  it('gives the same bytes after being stored as JSON', () => {
    const stored = JSON.parse(JSON.stringify(template()));
    expect(Buffer.concat(fill(readyTemplate(stored), reader)).equals(message())).toBe(true);
  });

  it('is the same for the same edition, so that the boundary is, too', () => {
    expect(template()).toEqual(template());
  });

  it('knows the size of what it is filled to', () => {
    expect(sizeOf(fill(readyTemplate(template()), reader))).toBe(message().length);
  });
});

describe('filling a slot', () => {
  it.each([
    ['address', 'a@b.example>\r\nBcc: <c@d.example'],
    ['address', 'a@b.example,c@d.example'],
    ['address', 'a b@example.org'],
    ['address', ''],
    ['address', 'jörg@example.org>\r\nBcc: <c@d.example'],
    ['address', 'jörg@example.org,c@d.example'],
    ['address', 'jö rg@example.org'],
    ['address', 'jörg\u0000@example.org'],
    ['address', 'jörg\u0085@example.org'],
    ['address', 'jö\u00a0rg@example.org'],
    ['address', 'jö\u00adrg@example.org'],
    ['address', 'jö\u2028rg@example.org'],
    ['address', 'jö\u202erg@example.org'],
    ['address', 'jö\ufeffrg@example.org'],
    ['address', 'jö\ud800rg@example.org'],
    ['address', 'jörg＞@example.org'],
    ['address', 'jörg﹐@example.org'],
    ['address', 'jörg＠evil.example@example.org'],
    ['address', 'jörg'],
    ['address', 'jörg@münchen.example'],
    ['reader', '1>\r\n'],
    ['reader', 'é'],
    ['unsubscribe', 'x\ny'],
    ['unsubscribe', 'é'],
    ['preferences', 'a b'],
    ['preferences', 'é@example.org'],
  ] as const)('refuses what would not be safe: %s %j', (slot, value) => {
    expect(() => fill(readyTemplate(template()), { ...reader, [slot]: value })).toThrow(
      `the ${slot} of a message is not safe to send`,
    );
  });
});
