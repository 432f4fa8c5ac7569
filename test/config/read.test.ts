import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/config/config.ts';
import { parseDotenv } from '../../src/config/read.ts';

const noFile = (path: string): string => expect.fail(`read ${path}`);
const texts = (raw: ReturnType<typeof readSettings>) => Object.fromEntries(raw.given);

describe('where a setting is found', () => {
  it('is the environment before .env, each on its own', () => {
    const raw = readSettings({ PORT: '1' }, 'PORT=2\nLANES=3', noFile);
    expect(texts(raw)).toEqual({
      PORT: { text: '1', from: 'environment' },
      LANES: { text: '3', from: '.env' },
    });
  });

  it('leaves strange names in the environment alone', () => {
    expect(readSettings({ SMTP_PORT: '25', PATH: '/bin' }, null, noFile)).toEqual({
      given: new Map(),
      problems: [],
    });
  });

  it('reports strange names in .env, with the nearest known one', () => {
    const { problems } = readSettings({}, 'SMPT_URL=x\nCOLOUR=red\nPORT_FILE=x', noFile);
    expect(problems).toEqual([
      '.env: SMPT_URL is not a setting; did you mean SMTP_URL?',
      '.env: COLOUR is not a setting',
      '.env: PORT_FILE is not a setting',
    ]);
  });

  it('reads a secret from the file that NAME_FILE names, without its last line end', () => {
    const raw = readSettings({ SMTP_PASSWORD_FILE: '/run/pw' }, null, path => `of ${path}\r\n`);
    expect(texts(raw)).toEqual({ SMTP_PASSWORD: { text: 'of /run/pw', from: 'file' } });
  });

  it('reports a secret file that is missing, empty or not the only one', () => {
    const missing = () => {
      throw new Error('ENOENT');
    };
    const read = (env: Record<string, string>, file: () => string) =>
      readSettings(env, null, file).problems[0];
    expect(read({ SMTP_PASSWORD_FILE: 'pw' }, missing)).toContain('cannot read pw: ENOENT');
    expect(read({ SMTP_PASSWORD_FILE: 'pw' }, () => '\n')).toContain('pw is empty');
    const both = { SMTP_PASSWORD_FILE: 'pw', SMTP_PASSWORD: 's' };
    expect(read(both, () => 's')).toContain('both set');
  });
});

describe('a .env file', () => {
  const values = (text: string) => Object.fromEntries(parseDotenv(text).values);

  it.each([
    ['A=1\r\nB=2', { A: '1', B: '2' }],
    ['\ufeffA=1', { A: '1' }],
    ['# c\n\n  export A = 1  ', { A: '1' }],
    ['A=1 # c', { A: '1' }],
    ['A= # c', { A: '' }],
    ['A=a#b', { A: 'a#b' }],
    ['A=#b', { A: '#b' }],
    ['A= "b"', { A: 'b' }],
    ['A="a # b" # c', { A: 'a # b' }],
    ["A='a\"b'", { A: 'a"b' }],
    ['A="\\n"', { A: '\\n' }],
    ['A=x=y', { A: 'x=y' }],
    ['A=1\nA=2', { A: '2' }],
  ])('%j is %o', (text, expected) => expect(values(text)).toEqual(expected));

  it('names the lines that set nothing', () => {
    expect(parseDotenv('A=1\nB: 2\nC="x\n=4').problems).toEqual([
      '.env line 2: not NAME=value',
      '.env line 3: C has a quote left open',
      '.env line 4: not NAME=value',
    ]);
  });
});
