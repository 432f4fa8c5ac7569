import { describe, expect, it } from 'vitest';
import { aCapture, titleOf } from '../support/capture.ts';
import { type Result, runCli } from '../support/cli.ts';
import { readCorpusFile } from '../support/corpora.ts';
import { aPlace } from '../support/place.ts';
import { freePort, parseMail, type Received, startSink } from '../support/smtp-sink.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A folder with a capture and a list of these readers, and the program set up to send from it. */
async function anOffice(url: string, capture: string | Buffer, readers: readonly string[]) {
  const { run, write } = aPlace({ SMTP_URL: url, LANES: '1' });
  const importReaders = (...addresses: string[]) => {
    write('list.csv', ['email', ...addresses, ''].join('\n'));
    return run('subscribers', 'import', 'list.csv');
  };
  const send = (date: string) => run('send', 'capture.txt', '--date', date, '--yes', '--json');
  write('capture.txt', capture);
  expect(await importReaders(...readers)).toMatchObject({ code: 0 });
  return { run, importReaders, send };
}

const json = ({ stdout }: Result) => JSON.parse(stdout);

/** A text with its white space, and an HTML page's markup, reduced to what a reader sees. */
const plain = (text: string) => text.replace(/\s+/g, ' ');
function visible(html: string): string {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"' } as Record<string, string>;
  return plain(html.replace(/<[^>]*>/g, ''))
    .replace(/&(amp|lt|gt|quot);/g, (_, name) => named[name] ?? '')
    .replace(/&#x?(\w+);/g, (whole, code) =>
      String.fromCodePoint(Number.parseInt(code, whole.startsWith('&#x') ? 16 : 10)),
    );
}

async function expectWholeEdition(mail: Received | undefined, titles: readonly string[]) {
  if (!mail) throw new Error('no mail came');
  const lines = mail.raw.toString('latin1').split('\r\n');
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(998);
  const { text = '', html, headers, headerLines } = await parseMail(mail);
  expect(headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
  const types = lines.filter(line => /^Content-Type: text/.test(line));
  expect(types).toEqual([
    'Content-Type: text/plain; charset=utf-8',
    'Content-Type: text/html; charset=utf-8',
  ]);
  expect(Buffer.byteLength(html || '')).toBeLessThan(95_000);
  for (const title of titles) {
    expect(plain(text)).toContain(title);
    expect(visible(html || '')).toContain(title);
  }
  const names = headerLines.map(({ key }) => key);
  for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'list-id']) {
    expect(names).toContain(name);
  }
  expect(headers.get('list')).toMatchObject({
    unsubscribe: { url: expect.stringMatching(/^https:\/\/news\.example\.org\/unsubscribe\//) },
    'unsubscribe-post': { name: 'List-Unsubscribe=One-Click' },
  });
}

/** "What must hold" of the first edition: `titles` are the capture's first twenty, as read. */
async function sendsToEveryReaderOnce(capture: string | Buffer, titles: readonly string[]) {
  const sink = await startSink();
  const office = await anOffice(sink.url, capture, ['ada@example.org', 'emmy@example.org']);
  const { send } = office;

  const first = await send('2025-09-03');
  expect(first).toMatchObject({ code: 0 });
  expect(json(first)).toEqual({
    edition: 1,
    kind: 'manual',
    date: '2025-09-03',
    papers: 10,
    recipients: 2,
    sent: 2,
    deferred: 0,
    failed: 0,
    skipped: 0,
    seconds: expect.any(Number),
  });
  expect(sink.recipients()).toEqual(['ada@example.org', 'emmy@example.org']);
  await expectWholeEdition(sink.mails[0], titles.slice(0, 10));
  await expectWholeEdition(sink.mails[1], titles.slice(0, 10));

  sink.clear();
  const again = await send('2025-09-03');
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('already sent') });
  expect(json(again)).toMatchObject({ edition: 1, reason: 'already sent', sent: 0 });
  expect(sink.mails).toEqual([]);

  expect(json(await send('2025-09-04'))).toMatchObject({ edition: 2, sent: 2 });
  await expectWholeEdition(sink.mails[0], titles.slice(10, 20));
  // The first edition's papers are not even listed by title any more.
  const { text = '' } = await parseMail(sink.mails[0] as Received);
  for (const title of titles.slice(0, 10)) expect(plain(text)).not.toContain(title);

  sink.clear();
  await office.importReaders('alan@example.org');
  expect(json(await send('2025-09-03'))).toMatchObject({ edition: 1, recipients: 1, sent: 1 });
  expect(sink.recipients()).toEqual(['alan@example.org']);
}

describe('sending a capture', () => {
  it('delivers each day’s ten papers to every reader once, whatever is run again', async () => {
    const titles = Array.from({ length: 20 }, (_, at) => titleOf(at + 1));
    await sendsToEveryReaderOnce(aCapture({ papers: 30 }), titles);
  }, 30_000);

  it('to a server that is down leaves everybody waiting, and the next run delivers', async () => {
    const port = await freePort();
    const readers = ['ada@example.org', 'emmy@example.org'];
    const { run, send } = await anOffice(`smtp://127.0.0.1:${port}`, aCapture(), readers);
    const down = await send('2025-09-03');
    expect(down.code).toBe(3);
    expect(json(down)).toMatchObject({ edition: 1, sent: 0, deferred: 2, failed: 0 });
    expect(down.stderr).toMatch(/Why: .*ECONNREFUSED/);
    expect(down.stderr).toContain('2 readers are waiting');
    const { stdout } = await run('editions', 'show', '1', '--missing');
    for (const reader of readers) expect(stdout).toContain(reader);

    const sink = await startSink({ port });
    expect(json(await send('2025-09-03'))).toMatchObject({ edition: 1, sent: 2, deferred: 0 });
    expect(sink.recipients()).toEqual(readers);
  }, 30_000);

  it('to a server that goes down on the way delivers exactly the rest the next time', async () => {
    const readers = Array.from({ length: 30 }, (_, at) => `reader${at}@example.org`);
    const first = await startSink({
      onMail: () => {
        if (first.mails.length === 10) void first.close();
        return 'accept';
      },
    });
    const { send } = await anOffice(first.url, aCapture(), readers);
    const broken = await send('2025-09-03');
    expect(broken.code).toBe(3);
    expect(json(broken)).toMatchObject({ sent: first.mails.length });

    const second = await startSink({ port: first.port });
    expect(await send('2025-09-03')).toMatchObject({ code: 0 });
    expect([...first.recipients(), ...second.recipients()].sort()).toEqual(readers.sort());
  }, 30_000);
});

const real = '2025-09-03-search-page.txt';

describe(`sending captures/${real}`, () => {
  it('delivers each day’s ten papers to every reader once, whatever is run again', async () => {
    const capture = readCorpusFile('captures', real);
    const cwd = tempFolder();
    const input = capture.toString();
    const digest = json(await runCli(['digest', '-', '--json'], { cwd, input }));
    expect(digest.papers).toHaveLength(53);
    const titles = digest.papers.map(({ title }: { title: string }) => title);
    await sendsToEveryReaderOnce(capture, titles);
  }, 30_000);
});
