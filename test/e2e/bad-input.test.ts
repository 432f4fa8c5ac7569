import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aCapture } from '../support/capture.ts';
import { bin, runCli } from '../support/cli.ts';
import { startDatabase } from '../support/database.ts';
import { aPlace } from '../support/place.ts';
import { type Sink, startSink } from '../support/smtp-sink.ts';

/** A folder in which sending works: a good capture and nobody on the list yet. */
async function anOffice() {
  const sink = await startSink();
  const place = aPlace({ SMTP_URL: sink.url });
  place.write('capture.txt', aCapture());
  return { sink, ...place };
}

type Office = Awaited<ReturnType<typeof anOffice>>;

/** Runs the program, and checks all that holds for every kind of bad input. @returns the error. */
async function expectRefusal(
  { sink, cwd, env: settings }: Office,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { cwd, env: { ...settings, ...env } });
  expect(code, stderr).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at |node:|file:\/\//m);
  expect(stderr.trimEnd().split('\n').length, stderr).toBeLessThanOrEqual(2);
  await expectNothing(sink, cwd);
  return stderr;
}

async function expectNothing(sink: Sink, cwd: string): Promise<void> {
  expect(sink.mails).toEqual([]);
  const path = join(cwd, 'papers.db');
  if (!existsSync(path)) return;
  const db = await startDatabase({ path });
  for (const table of ['subscribers', 'editions', 'picks', 'deliveries', 'lists'] as const) {
    expect(await db.selectFrom(table).selectAll().execute(), table).toEqual([]);
  }
}

const noise = () =>
  Buffer.alloc(
    50_000_000,
    Buffer.from(aCapture()).map(byte => byte ^ 0xa5),
  );
const errorPage = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>\n';

describe('a machine with too few file descriptors', () => {
  it.each([24, 32, 64, 128])('is called so: %i', async descriptors => {
    const { cwd, env } = aPlace();
    const limited = `ulimit -n ${descriptors}; exec "$0" "$@"`;
    const program = [process.execPath, bin, 'subscribers', 'list'];
    const { status, stdout, stderr } = spawnSync('sh', ['-c', limited, ...program], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^paperround: too few files may be open at once: .*ulimit -n 1024.*\n$/);
  });
});

describe('a digest that cannot be used', () => {
  it.each([
    ['an empty file', '', /bad\.txt: it is empty/],
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n', /bad\.txt: this is a PDF/],
    ['an error page', errorPage, /bad\.txt: this is a web page \(HTML\) titled “502 Bad Gateway”/],
    ['50 MB of noise', noise(), /bad\.txt: 50 MB is no digest/],
    ['noise', noise().subarray(0, 9_000), /bad\.txt:1: this is not valid UTF-8/],
    [
      'a title without an abstract',
      'Daily Papers\n\nSep 3\n\nA Title and Nothing More\n',
      /bad\.txt:5: .*abstract/,
    ],
  ])('is refused with its name and place: %s', async (_, content, message) => {
    const office = await anOffice();
    office.write('bad.txt', content);
    const said = await expectRefusal(office, ['send', 'bad.txt', '--yes', '--json']);
    expect(said).toMatch(message);
  });

  it('is refused where there is none', async () => {
    const said = await expectRefusal(await anOffice(), ['send', 'nowhere.txt', '--yes']);
    expect(said).toMatch(/nowhere\.txt: no such file/);
  });
});

describe('settings that cannot be used', () => {
  it.each([
    [
      'a value that is none',
      { SCHEDULE: 'every morning' },
      /^paperround: SCHEDULE: "every morning"/,
    ],
    [
      'half a sign-in',
      { SMTP_USER: 'papers@example.org' },
      /SMTP_USER is set, and no SMTP_PASSWORD/,
    ],
    ['no sender', { MAIL_FROM: '' }, /MAIL_FROM is not set\. For example:\n\s+MAIL_FROM=/],
    [
      'a password with a # in the URL',
      { SMTP_URL: 'smtp://me:hush#hush@mail.example.org:587' },
      /SMTP_URL: has a # in it: .*%23/,
    ],
  ])('are refused with the name and an example: %s', async (_, env, message) => {
    const said = await expectRefusal(await anOffice(), ['send', 'capture.txt', '--yes'], env);
    expect(said).toMatch(message);
    expect(said).not.toContain('hush');
  });
});

describe('a list that cannot be used', () => {
  it.each([
    [
      'a broken quote',
      'email,name\nada@example.org,Ada\nemmy@example.org,"Emmy\n',
      /bad\.csv.* line 3/,
    ],
    [
      'a line break in an address',
      'email,name\n"ada@example.org\r\nBcc: victim@example.org",Ada\n',
      /bad\.csv:2: a line break inside an address/,
    ],
  ])('is refused as a whole, with file and line: %s', async (_, content, message) => {
    const office = await anOffice();
    office.write('bad.csv', content);
    const said = await expectRefusal(office, ['subscribers', 'import', 'bad.csv']);
    expect(said).toMatch(message);
  });

  it('is refused where it is not there', async () => {
    const said = await expectRefusal(await anOffice(), ['subscribers', 'import', 'nowhere.csv']);
    expect(said).toMatch(/nowhere\.csv cannot be read: there is no such file/);
  });

  const hostile = 'ada@example.org\r\nBcc: victim@example.org';

  it.each([
    ['subscribers', 'add', hostile],
    ['subscribers', 'add', 'ok@example.org', hostile],
    ['send', 'capture.txt', '--yes', '--to', hostile],
    ['send', 'capture.txt', '--yes', '--test', hostile],
  ])('nor is an address with a line break: %s %s', async (...args) => {
    expect(await expectRefusal(await anOffice(), args)).toMatch(/cannot be used as an address/);
  });
});

describe('an error that nobody expected to see', () => {
  it('shows its stack with --verbose', async () => {
    const { run } = await anOffice();
    const { code, stderr } = await run('send', 'nowhere.txt', '--yes', '--verbose');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\s+at /m);
  });
});

describe('a send that nobody confirms', () => {
  it('is refused where there is no terminal to ask on', async () => {
    const { run, sink } = await anOffice();
    await run('subscribers', 'add', 'ada@example.org');
    const { code, stderr } = await run('send', 'capture.txt');
    expect(code).toBe(2);
    expect(stderr).toMatch(/There is no terminal to ask on: add --yes/);
    expect(sink.mails).toEqual([]);
  });
});
