import { createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSigner, type DkimKey, fillSigned } from '../../../src/mail/message/dkim.ts';
import type { SlotValues } from '../../../src/mail/message/fill.ts';
import { buildWireTemplate, type Sender } from '../../../src/mail/message/wire-template.ts';
import type { Rendered } from '../../../src/mail/render/rendered.ts';
import { makeSlots } from '../../../src/mail/render/rendered.ts';
import { aDkimKey, rsaPem, verifyDkim } from '../../support/dkim.ts';
import { morning } from '../../support/runtime.ts';

const slots = makeSlots('an edition', true);
const link = `https://news.example.org/unsubscribe/${slots.unsubscribe}`;

function aTemplate(rendered: Partial<Rendered> = {}, sender: Partial<Sender> = {}) {
  return buildWireTemplate(
    {
      subject: 'Attention Is All You Need',
      preheader: '',
      html: `<title>Papers</title>\n<p>Ünïcode ${'long '.repeat(900)}</p>\n<a href="${link}">x</a>`,
      text: `Papers — today\n\n${link}\nhttps://news.example.org/p/${slots.preferences}\n`,
      slots,
      picks: 1,
      trimmed: [],
      ...rendered,
    },
    {
      from: { name: 'Daily Papers', address: 'papers@news.example.org' },
      replyTo: null,
      listName: 'Daily Papers',
      unsubscribeBase: 'https://news.example.org/unsubscribe/',
      ...sender,
    },
    { sendAt: morning, seed: 'seed1' },
  );
}

const aReader = (values: Partial<SlotValues> = {}): SlotValues => ({
  address: 'ada@example.org',
  reader: '7',
  unsubscribe: `AQEB${'u'.repeat(38)}`,
  preferences: `AQEC${'p'.repeat(38)}`,
  ...values,
});

const now = () => morning + 1_234;

async function signed(template = aTemplate(), values = aReader(), dkim: DkimKey = aDkimKey()) {
  return Buffer.concat(await fillSigned(template, values, dkim, now));
}

const signatureOf = (raw: Buffer) =>
  /^DKIM-Signature:(?:.*\r\n)(?:[ \t].*\r\n)*/.exec(raw.toString('latin1'))?.[0] ?? '';
const tag = (raw: Buffer, name: string) =>
  new RegExp(`[\\s;]${name}=([^;]*)`).exec(signatureOf(raw))?.[1]?.replace(/\s/g, '');
const changed = (raw: Buffer, from: string | RegExp, to: string) => {
  const text = raw.toString('latin1').replace(from, to);
  expect(text).not.toBe(raw.toString('latin1'));
  return Buffer.from(text, 'latin1');
};

describe('a signed message', () => {
  it('is verified by another program, and aligned with its sender', async () => {
    expect(await verifyDkim(await signed())).toBe('pass');
  });

  it.each([
    'Line one\r\nBcc: victim@example.org',
    '  {{x}}   <script>alert("hi")</script>\t& more ; b= bh=x  ',
    '漢字 и кириллица — a long subject that needs more than a single encoded word to be told',
    '=?utf-8?B?SGk=?=',
    'word '.repeat(80),
    'x'.repeat(3_000),
    ':',
    '',
  ])('is verified with the subject %j', async subject => {
    expect(await verifyDkim(await signed(aTemplate({ subject })))).toBe('pass');
  });

  it.each(['Müller, Jörg "JM" <x@y>', 'a  b', '漢字', '; d=evil.example;', null])(
    'is verified with the sender’s name %j',
    async name => {
      const from = { name, address: 'papers@news.example.org' };
      const replyTo = { name, address: 'a&b?c@example.org' };
      const raw = await signed(aTemplate({}, { from, replyTo, listName: name ?? '' }));
      expect(await verifyDkim(raw)).toBe('pass');
    },
  );

  it.each([
    "o'neil+tag@example.org",
    'a&b=c%d@mail.example',
    '{x}|y@example.org',
    'B=@x.test',
    'jürgen@example.org',
    '伊昭傑@xn--5nqv22n.xn--lhr59c',
    '😀@example.org',
  ])('is verified when it goes to %s', async address => {
    expect(await verifyDkim(await signed(aTemplate(), aReader({ address })))).toBe('pass');
  });

  it('is verified whatever its texts and subject are', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 120 }),
      fc.array(fc.constantFrom(' ', '\t', '\n', '\r\n', '.', 'a', '  \n', '=', 'é'), {
        maxLength: 60,
      }),
    );
    const anyText = text.map(value => (typeof value === 'string' ? value : value.join('')));
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (subject, before, after) => {
        const rendered = { subject, text: `${before}${link}${after}`, html: after };
        expect(await verifyDkim(await signed(aTemplate(rendered)))).toBe('pass');
      }),
      { numRuns: 100 },
    );
  });

  it('is verified after the changes on the way that relaxed allows', async () => {
    const raw = await signed();
    const refolded = changed(raw, 'List-Id: Daily Papers <', 'LIST-ID:Daily\r\n\tPapers   <');
    expect(await verifyDkim(refolded)).toBe('pass');
    expect(await verifyDkim(Buffer.concat([raw, Buffer.from('\r\n\r\n')]))).toBe('pass');
  });
});

describe('a signer', () => {
  it('signs for many readers at a time, each their own message', async () => {
    const template = aTemplate();
    const sign = createSigner(template, { ...aDkimKey(), now });
    const results = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        const token = String(at).padStart(42, 'a');
        const values = aReader({
          address: `reader${at}@example.org`,
          reader: at.toString(36),
          unsubscribe: token,
        });
        const header = await sign(values);
        const rest = (await signed(template, values)).subarray(header.length);
        return { header: header.toString(), said: await verifyDkim(Buffer.concat([header, rest])) };
      }),
    );
    expect(new Set(results.map(({ said }) => said))).toEqual(new Set(['pass']));
    expect(new Set(results.map(({ header }) => header)).size).toBe(200);
  });

  it('leaves the event loop free: signatures are made in the thread pool', async () => {
    const key = createPrivateKey(rsaPem(4_096));
    const sign = createSigner(aTemplate(), { ...aDkimKey({ key }), now });
    const before = performance.eventLoopUtilization();
    await Promise.all(Array.from({ length: 40 }, () => sign(aReader())));
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.6);
  });

  it('signs nothing that would not be safe to send', async () => {
    const sign = createSigner(aTemplate(), { ...aDkimKey(), now });
    await expect(sign(aReader({ address: 'a@b.example>\r\nBcc: <c@d' }))).rejects.toThrow('safe');
  });

  it('takes a template that was stored as JSON', async () => {
    const stored = JSON.parse(JSON.stringify(aTemplate()));
    expect(await signed(stored)).toEqual(await signed());
  });

  it('refuses a template that has no body', () => {
    expect(() => createSigner(['From: x\r\n'], { ...aDkimKey(), now })).toThrow('without a body');
  });
});

describe('a message that was changed', () => {
  it.each([
    ['its text', 'Papers =E2', 'papers =E2'],
    ['the reader’s link', /u{38}(?=">)/, 'v'.repeat(38)],
    ['its end', /--\r\n$/, '--\r\nMore.\r\n'],
    ['its subject', 'Subject: Attention', 'Subject: No attention'],
    ['its recipient', 'To: <ada@', 'To: <eve@'],
    ['its recipient, to one beyond ASCII', 'To: <ada@', 'To: <ad\u00c3\u00a4@'],
    ['its sender', 'From: Daily', 'From: Weekly'],
    ['a second sender', 'To: <ada', 'From: Eve <eve@news.example.org>\r\nTo: <ada'],
    ['a sender in front', /^/, 'From: Eve <eve@news.example.org>\r\n'],
    ['its Message-ID', '<seed1.7@', '<seed1.8@'],
    ['how to leave', /(?<=List-Unsubscribe: <)/, 'https://eve.example/'],
    ['leaving by one click', 'List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Clicks'],
    ['the time of signing', /t=17\d+/, 't=1756886402'],
    ['what is signed', /h=From:From:/, 'h=From:'],
  ])('is not verified: %s', async (_, from, to) => {
    expect(await verifyDkim(changed(await signed(), from, to))).not.toMatch(/^pass|, pass/);
  });

  it('is not verified against another key', async () => {
    const other = aDkimKey({ key: createPrivateKey(rsaPem(1_024)) });
    expect(await verifyDkim(await signed(), other)).toMatch(/bad signature/);
  });
});

describe('the DKIM-Signature header', () => {
  it('says what it is, and when it was made; no length and no expiry', async () => {
    const raw = await signed();
    const names = [...signatureOf(raw).matchAll(/[\s;]([a-z]+)=/g)].map(([, name]) => name);
    expect(names).toEqual(['v', 'a', 'c', 'd', 's', 'h', 't', 'bh', 'b']);
    expect(tag(raw, 'a')).toBe('rsa-sha256');
    expect(tag(raw, 'c')).toBe('relaxed/relaxed');
    expect(tag(raw, 't')).toBe(`${morning / 1_000 + 1}`);
  });

  it('covers From twice, and each header there is once', async () => {
    expect(tag(await signed(), 'h')).toBe(
      'From:From:To:Subject:Date:Message-ID:List-Id:List-Unsubscribe:List-Unsubscribe-Post:MIME-Version:Content-Type',
    );
  });

  it('covers Reply-To where there is one, and leaves out what there is not', async () => {
    const replyTo = { name: null, address: 'editor@example.org' };
    const raw = await signed(aTemplate({}, { replyTo, unsubscribeBase: null }));
    expect(tag(raw, 'h')).toContain('Reply-To');
    expect(tag(raw, 'h')).not.toContain('List-Unsubscribe-Post');
    expect(await verifyDkim(raw)).toBe('pass');
  });

  it('covers the headers that were asked for, and From in any case', async () => {
    const raw = await signed(
      aTemplate(),
      aReader(),
      aDkimKey({ headers: ['subject', 'To', 'to'] }),
    );
    expect(tag(raw, 'h')).toBe('From:From:Subject:To');
    expect(await verifyDkim(raw)).toBe('pass');
    expect(await verifyDkim(changed(raw, /^Date: .*/m, 'Date: now'))).toBe('pass');
    expect(await verifyDkim(changed(raw, /^Subject: /m, 'Subject: Re: '))).not.toBe('pass');
  });

  it('has lines of at most 76 characters, with keys of 4096 bits, too', async () => {
    const key = createPrivateKey(rsaPem(4_096));
    const long = aDkimKey({ key, selector: 'a-long-selector.of-two-labels' });
    const raw = await signed(aTemplate(), aReader(), long);
    const lines = signatureOf(raw).split('\r\n');
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(76);
    expect(lines.filter(line => /[ \t]$|^\s+$/.test(line))).toEqual([]);
    expect(await verifyDkim(raw, long)).toBe('pass');
  });
});

describe('a body', () => {
  it('is canonical as it is, simple and relaxed alike', async () => {
    const body = (await signed()).toString('latin1').split('\r\n\r\n').slice(1).join('\r\n\r\n');
    expect(body).not.toMatch(/[ \t]\r\n|[ \t]{2}|\t/);
    expect(body).toMatch(/[^\r\n]\r\n$/);
  });
});
