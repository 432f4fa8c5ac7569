import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../support/cli.ts';
import { aDkimKey, verifyDkim } from '../support/dkim.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A folder, and the program run in it with `env`. */
function aFolder(env: Record<string, string> = {}) {
  const cwd = tempFolder();
  const at = (file: string) => join(cwd, file);
  return { at, dkim: (...args: string[]) => runCli(['dkim', ...args], { cwd, env }) };
}

/** The settings that an answer of the program ends with. */
const settingsIn = (stdout: string) =>
  Object.fromEntries(
    [...stdout.matchAll(/^(DKIM_\w+)=(.*)$/gm)].map(([, name, text]) => [name, text]),
  );

/** The record that an answer shows in one piece, and the one that its zone file line comes to. */
function recordsIn(stdout: string) {
  const value = /^ {2}value {2}(.*)$/m.exec(stdout)?.[1];
  const zone = /IN TXT \(([^)]*)\)/.exec(stdout)?.[1] ?? '';
  const strings = [...zone.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
  return {
    value,
    joined: strings.join(''),
    longest: Math.max(...strings.map(text => text.length)),
  };
}

describe('dkim', () => {
  it('makes a key for the owner’s eyes, its DNS record and the lines for .env', async () => {
    const { at, dkim } = aFolder({ MAIL_FROM: 'papers@news.example.org' });
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const { code, stdout } = await dkim();
    expect(code).toBe(0);
    expect(statSync(at('dkim.pem')).mode & 0o777).toBe(0o600);
    expect(createPrivateKey(readFileSync(at('dkim.pem'))).asymmetricKeyDetails).toMatchObject({
      modulusLength: 2_048,
    });
    expect(stdout).toContain('name   papers._domainkey.news.example.org\n');
    expect(stdout).toContain('\npapers._domainkey.news.example.org. IN TXT ( "v=DKIM1; k=rsa; p=');
    expect(stdout).not.toContain('PRIVATE');
    const { value, joined, longest } = recordsIn(stdout);
    expect(joined).toBe(value);
    expect(longest).toBe(255);
    expect(settingsIn(stdout)).toEqual({
      DKIM_DOMAIN: 'news.example.org',
      DKIM_SELECTOR: 'papers',
      DKIM_KEY_FILE: 'dkim.pem',
    });
  });

  it('makes one that the program signs with, as verified by its record', async () => {
    const cwd = tempFolder();
    const { stdout } = await runCli(['dkim', '--domain', 'example.org', '--selector', 'a1'], {
      cwd,
    });
    const env = { MAIL_FROM: 'papers@news.example.org', ...settingsIn(stdout) };
    await runCli(['preview', 'sample', '--out', '.'], { cwd, env });
    const key = createPrivateKey(readFileSync(join(cwd, 'dkim.pem')));
    const mail = readFileSync(join(cwd, 'edition.eml'));
    expect(await verifyDkim(mail, aDkimKey({ domain: 'example.org', selector: 'a1', key }))).toBe(
      'pass',
    );
    const again = await runCli(['dkim'], { cwd, env });
    expect(recordsIn(again.stdout)).toEqual(recordsIn(stdout));
    expect(again.stdout).not.toContain('DKIM_KEY_FILE');
  });

  it('overwrites no key', async () => {
    const { at, dkim } = aFolder();
    await dkim('--domain', 'example.org', '--out', 'my.pem');
    const before = readFileSync(at('my.pem'), 'utf8');
    const { code, stderr } = await dkim('--domain', 'example.org', '--out', 'my.pem');
    expect(code).toBe(1);
    expect(stderr).toContain('my.pem is there already and was left as it is');
    expect(readFileSync(at('my.pem'), 'utf8')).toBe(before);
  });

  it('makes the next key beside the one that is set, where a selector asks for it', async () => {
    const cwd = tempFolder();
    const { stdout } = await runCli(['dkim', '--domain', 'example.org'], { cwd });
    const args = ['dkim', '--selector', 'next', '--out', 'next.pem'];
    const next = await runCli(args, { cwd, env: settingsIn(stdout) });
    expect(next.code).toBe(0);
    expect(next.stdout).toContain('name   next._domainkey.example.org\n');
  });

  it.each([
    [[], /say for which domain: set MAIL_FROM/],
    [['--domain', 'a b'], /It is not a domain/],
    [['--domain', 'example.org', '--selector', 'a;b'], /It is not a selector/],
  ])('ends with exit code 2 where it is not told enough: %j', async (args, message) => {
    const { code, stderr } = await aFolder().dkim(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
