import { describe, expect, it } from 'vitest';
import {
  decideConfig,
  describeConfig,
  envExample,
  readSettings,
  requireSending,
  settingsHelp,
  settingsTable,
} from '../../src/config/config.ts';
import { settingNames } from '../../src/config/table.ts';
import { testKey } from '../support/dkim.ts';

const system = { timeZone: 'Europe/Berlin' };
const decide = (env: Record<string, string>, dotenv: string | null = null) =>
  decideConfig(
    readSettings(env, dotenv, path => (path === 'dkim.pem' ? testKey : 's3cret')),
    system,
  );
const rows = (env: Record<string, string>, dotenv: string | null = null) =>
  new Map(
    describeConfig(decide(env, dotenv)).map(({ name, value, from }) => [name, [value, from]]),
  );

describe('the settings as understood', () => {
  it('say where each came from', () => {
    const shown = rows({ PORT: '4000', MAIL_FROM: 'a@x.test' }, 'LANES=3');
    expect(shown.get('PORT')).toEqual(['4000', 'environment']);
    expect(shown.get('LANES')).toEqual(['3', '.env']);
    expect(shown.get('PAPERS')).toEqual(['10', 'default']);
    expect(shown.get('TIMEZONE')).toEqual(['Europe/Berlin', 'default']);
    expect(shown.get('REPLY_TO')).toEqual([null, null]);
  });

  it('say what the demo decided', () => {
    expect(rows({}).get('DATABASE_URL')).toEqual(['sqlite:subscribers/demo/paperround.db', 'demo']);
  });

  it.each([
    { SMTP_URL: 'smtp://me:s3cret@x.test:25' },
    { SMTP_URL: 'smtp://me:s3@cret@x.test:25' },
    { SMTP_URL: 'smtp://x.test', SMTP_USER: 'me', SMTP_PASSWORD: 's3cret' },
    { SMTP_URL: 'smtp://x.test', SMTP_USER: 'me', SMTP_PASSWORD_FILE: 'pw' },
  ])('never show a secret: %o', env => {
    const shown = JSON.stringify([...rows(env)]);
    expect(shown).toContain('***');
    expect(shown).not.toContain('cret');
    expect(shown).toContain('x.test');
  });
});

describe('what is made from the table', () => {
  it('is .env.example (`vitest run test/config -u` writes it)', async () => {
    await expect(envExample()).toMatchFileSnapshot('../../.env.example');
  });

  it('has every setting in the help and in the README table', () => {
    for (const name of settingNames) {
      expect(settingsHelp()).toContain(`  ${name} `);
      expect(settingsTable()).toContain(`| \`${name}\` |`);
    }
  });

  it('is help that fits a terminal of 120 columns', () => {
    for (const line of settingsHelp().split('\n').slice(1, -1)) {
      expect(line.length).toBeLessThanOrEqual(120);
    }
  });

  it('gives examples that work, one by one', () => {
    const partners = {
      SMTP_USER: { SMTP_URL: 'smtp://x.test', SMTP_PASSWORD: 'pw' },
      SMTP_PASSWORD: { SMTP_URL: 'smtp://x.test', SMTP_USER: 'me' },
      SMTP_PASSWORD_COMMAND: { SMTP_URL: 'smtp://x.test', SMTP_USER: 'me' },
      SMTP_AUTH: { SMTP_URL: 'smtp://me:pw@x.test' },
      DKIM_DOMAIN: { DKIM_SELECTOR: 'papers', DKIM_KEY_FILE: 'dkim.pem' },
      DKIM_SELECTOR: { DKIM_DOMAIN: 'example.org', DKIM_KEY_FILE: 'dkim.pem' },
      DKIM_KEY_FILE: { DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 'papers' },
      DKIM_HEADERS: {
        DKIM_DOMAIN: 'example.org',
        DKIM_SELECTOR: 'papers',
        DKIM_KEY_FILE: 'dkim.pem',
      },
    };
    const all = envExample().split('=== All settings ===')[1] ?? '';
    const lines = all.split('\n').filter(line => /^#[A-Z_]+=/.test(line));
    expect(lines).toHaveLength(settingNames.length);
    for (const line of lines) {
      const name = line.slice(1, line.indexOf('='));
      const others = Object.entries(partners).find(([key]) => key === name)?.[1] ?? {};
      expect(() => decide(others, line.slice(1)), line).not.toThrow();
    }
  });

  it('gives ways to send that work, with a postal address', () => {
    const [, blocks = ''] = envExample().split('=== Ways to send: take one ===');
    const ways = (blocks.split('=== All')[0] ?? '').split(/^# --- (.*) ---$/m).slice(1);
    expect(ways.filter((_, i) => i % 2 === 0)).toEqual([
      'A Postfix on this machine',
      'Gmail',
      'Office 365',
      'Amazon SES',
    ]);
    for (const block of ways.filter((_, i) => i % 2 === 1)) {
      const dotenv = block.replace(/^#(?=[A-Z])/gm, '');
      expect(requireSending(decide({ POSTAL_ADDRESS: 'x' }, dotenv)).mode).toBe('real');
    }
  });
});
