import { describe, expect, it } from 'vitest';
import { type Prepared, prepare } from '../../src/delivery/prepare.ts';
import { publish } from '../../src/delivery/publish.ts';
import {
  addReaders,
  addresses,
  aRequest,
  deliver,
  publishEdition,
  startApp,
  statesOf,
  type TestApp,
} from '../support/app.ts';
import { aDigest, aPaper } from '../support/builders.ts';
import { parseMail, startSink } from '../support/smtp-sink.ts';

const smuggled =
  'MAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nHi\r\n.\r\n';

/** Contents that have ended messages early, or changed on the way, somewhere. */
const contents: Readonly<Record<string, string>> = {
  'an end of message and a second one': `Hello\r\n.\r\n${smuggled}QUIT\r\n`,
  'an end of message with bare LF': `Hello\n.\n${smuggled}`,
  'an end of message with bare CR': `Hello\r.\r${smuggled}`,
  'mixed ends: LF dot CRLF': `Hello\n.\r\n${smuggled}`,
  'mixed ends: CRLF dot LF': `Hello\r\n.\n${smuggled}`,
  'mixed ends: CR dot CRLF': `Hello\r.\r\n${smuggled}`,
  'a CR before the CRLF': `Hello\r\r\n.\r\r\n${smuggled}`,
  'a NUL within the end': `Hello\r\n\0.\r\n${smuggled}`,
  'bare CR and LF everywhere': 'a\rb\nc\r\rd\n\ne\n\rf',
  'lines of one dot': '.\n.\n..\n...\n.\n. .\nx\n.',
  'lines that begin with a dot': '.a\n..b\n.c.\n',
  'NUL and other control characters': 'a\0b\u0001c\u0008d\u000be\u000cf\u001bg\u007fh\u0085i',
  'words of 10,000 characters': `${'x'.repeat(10_000)} ${'é'.repeat(10_000)} ${'.'.repeat(10_000)}`,
  'line and paragraph separators': 'a\u2028b\u2029c\u2028.\u2028d',
  'lines that mail programs quote': 'From here\nFrom: x\n>From\n--\n-- \n--=_boundary\n',
  'white space at the ends': 'a  \nb\t\n \n\t\nc \t d   e',
  'what looks encoded': '=\n==\n=3D\n=0D=0A.=0D=0A\n=?utf-8?Q?=0D=0A?=',
  'characters beyond the first plane, and halves of them': '𝔘𝔫𝔦 👩‍🔬 \u{10ffff} a\ud800b\udc00c',
};

let plain: Prepared | null = null;

async function plainEdition({ publishing }: TestApp): Promise<Prepared> {
  const prepared = await prepare(publishing, aRequest());
  if (prepared.edition === null) throw new Error(prepared.reason);
  return prepared;
}

/** An edition whose two parts are exactly this. */
async function preparedWith(app: TestApp, content: string): Promise<Prepared> {
  // Rendered once: it is the parts that are looked at here.
  plain ??= await plainEdition(app);
  const rendered = { ...plain.rendered, text: content, html: content };
  return { ...plain, rendered };
}

/** What any mail program shows of it: one kind of line end, halves of characters replaced. */
const shown = (content: string) =>
  Buffer.from(content.replace(/\r\n?/g, '\n').trimEnd()).toString();

describe('content that would end a message early or change on the way', () => {
  it.each(Object.entries(contents))('%s', async (_name, content) => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url, LANES: '1' });
    await addReaders(app, addresses(2));
    const prepared = await preparedWith(app, content);
    const edition = await publish(app.publishing, prepared, 'readers');
    await deliver(app, edition);
    expect(await statesOf(app, edition)).toEqual({ sent: 2 });
    expect(sink.recipients()).toEqual(addresses(2));
    for (const mail of sink.mails) {
      expect(mail.from).toBe('papers@news.example.org');
      const { text, html } = await parseMail(mail);
      expect(text?.trimEnd()).toBe(shown(content));
      expect(String(html).trimEnd()).toBe(shown(content));
    }
  });

  it('as a paper says it, arrives as one message a reader', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, addresses(2));
    const papers = Object.values(contents).map((text, n) =>
      aPaper({
        title: `${n} ${text.slice(0, 200)}`,
        abstract: text,
        url: `https://x.example/${n}`,
      }),
    );
    const edition = await publishEdition(app, { digest: aDigest({ papers }), papers: 50 });
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(addresses(2));
    for (const mail of sink.mails) {
      const [head = '', ...parts] = mail.raw.toString('latin1').split('\r\n\r\n');
      expect(head).toMatch(/^[\t\r\n\x20-\x7e]+$/);
      const lines = parts.join('\r\n\r\n').split('\r\n');
      expect(lines.filter(line => !isPlainLine(line))).toEqual([]);
      expect((await parseMail(mail)).html).toContain('https://x.example/5');
    }
  });
});

/** Seven bits, printable, at most 76, and nothing that needs a second dot. */
const isPlainLine = (line: string) => /^(?!\.)[\t\x20-\x7e]{0,76}$/.test(line);
