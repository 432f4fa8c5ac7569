import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';

/** Runs a command line in this process, for what needs no settings. */
async function runHere(...argv: string[]) {
  const streams = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  const code = await run(argv, streams);
  const text = ({ stdout, stderr }: typeof streams) =>
    [stdout, stderr].map(s => `${s.read() ?? ''}`);
  const [stdout = '', stderr = ''] = text(streams);
  return { code, stdout, stderr };
}

const commands = [
  'start',
  'desk',
  'preview',
  'send',
  'digest',
  'editions list',
  'editions show',
  'editions resend',
  'editions pause',
  'editions resume',
  'editions cancel',
  'subscribers list',
  'subscribers show',
  'subscribers add',
  'subscribers remove',
  'subscribers suppress',
  'subscribers unsuppress',
  'subscribers forget',
  'subscribers import',
  'subscribers export',
  'backup',
  'dkim',
  'config',
];

describe('--help', () => {
  it('names every command, every setting and the exit codes', async () => {
    const { code, stdout } = await runHere('--help');
    expect(code).toBe(0);
    for (const word of [...commands.map(name => name.split(' ')[0] ?? ''), 'SMTP_URL', 'PAPERS']) {
      expect(stdout).toContain(word);
    }
    expect(stdout).toContain('Exit codes: 0 done, 1 failed, 2 usage or settings, 3 not everybody');
  });

  it.each(commands)('of %s has an example that begins as one types it', async command => {
    const { code, stdout, stderr } = await runHere(...command.split(' '), '--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(new RegExp(`\\nExamples:\\n {2}paperround ${command}`));
  });

  it('knows of no command that is not tested here', async () => {
    const found: string[] = [];
    for (const group of ['', 'editions', 'subscribers']) {
      const { stdout } = await runHere(...group.split(' ').filter(Boolean), '--help');
      const [, list = ''] = /\nCommands:\n((?: .*\n?)+)/.exec(stdout) ?? [];
      const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) =>
        `${group} ${name}`.trim(),
      );
      found.push(...names);
    }
    const known = [...commands, 'editions', 'subscribers', 'help'];
    expect(found.filter(name => !known.includes(name))).toEqual([]);
    expect(found).toEqual(expect.arrayContaining(commands));
  });

  it('shows the version', async () => {
    expect((await runHere('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a command line that cannot be used', () => {
  it.each([
    ['an unknown command', ['sned'], /unknown command 'sned'/],
    ['an unknown option', ['digest', '--jsno'], /unknown option '--jsno'/],
    ['a missing argument', ['subscribers', 'add'], /missing required argument 'address'/],
    ['one argument too many', ['config', 'x'], /too many arguments/],
    ['a day that does not exist', ['send', '--date', '2025-02-30'], /must be a day such as/],
    ['a number out of range', ['send', '--papers', '51'], /whole number from 1 to 50/],
    ['a kind that is none', ['send', '--kind', 'hourly'], /one of: manual, daily/],
    ['a port that is none', ['preview', '--port', '0'], /whole number from 1 to 65535/],
  ])('ends with exit code 2 and the reason: %s', async (_, argv, message) => {
    const { code, stdout, stderr } = await runHere(...argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toContain('--help');
  });

  it('without a command shows the help', async () => {
    const { code, stderr } = await runHere();
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: paperround');
  });
});
