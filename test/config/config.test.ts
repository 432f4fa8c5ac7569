import { describe, expect, it } from 'vitest';
import {
  type Config,
  decideConfig,
  readSettings,
  requireSending,
} from '../../src/config/config.ts';
import { UsageError } from '../../src/lib/errors.ts';

const noFile = (path: string): string => expect.fail(`read ${path}`);
const system = { timeZone: 'Europe/Berlin' };

function decide(env: Record<string, string>, dotenv: string | null = null): Config {
  return decideConfig(readSettings(env, dotenv, noFile), system);
}

/** What a person is told; fails where nothing is wrong. */
function problem(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return expect.fail('no problem');
}

const real = {
  SMTP_URL: 'smtp://localhost:2525',
  MAIL_FROM: 'papers@example.org',
  POSTAL_ADDRESS: '1 Main Street',
};

describe('with nothing set', () => {
  it('is the demo, with everything of its own', () => {
    expect(decide({})).toMatchObject({
      mode: 'demo',
      smtp: null,
      from: { name: 'Daily Papers', address: 'papers@demo.example' },
      links: { style: 'web', base: 'http://127.0.0.1:3000' },
      database: { kind: 'sqlite', path: 'subscribers/demo/paperround.db' },
      digest: 'sample',
      schedule: '0 8 * * *',
      weeklySchedule: '0 9 * * 1',
      catchUp: 12 * 3_600_000,
      admin: null,
      timeZone: 'Europe/Berlin',
      papers: 10,
      lanes: 10,
      sendRate: [],
      host: '127.0.0.1',
      port: 3000,
      postalAddress: null,
    });
  });

  it('cannot send for real, and says what that needs', () => {
    expect(problem(() => requireSending(decide({})))).toBe(
      'Cannot send: SMTP_URL, MAIL_FROM, POSTAL_ADDRESS are not set. For example:\n' +
        '  SMTP_URL=smtp://mail.example.org:587\n' +
        '  MAIL_FROM=Daily Papers <papers@example.org>\n' +
        '  POSTAL_ADDRESS=Example Society, 1 Main Street, Springfield',
    );
  });

  it('stays the demo with settings that name no relay, sender or place', () => {
    const config = decide({ PORT: '4000', NEWSLETTER_NAME: 'Papers', DIGEST: 'mine.txt' });
    expect(config).toMatchObject({
      mode: 'demo',
      from: { name: 'Papers' },
      links: { base: 'http://127.0.0.1:4000' },
      digest: 'mine.txt',
    });
  });

  it('takes an empty text for not set', () => {
    expect(decide({ SMTP_URL: '', PAPERS: '' })).toMatchObject({ mode: 'demo', papers: 10 });
  });
});

describe('for real', () => {
  it.each(['SMTP_URL', 'DATABASE_URL', 'PUBLIC_URL', 'MAIL_FROM', 'HOST'])(
    'it is, once %s is set',
    name => {
      const value = { SMTP_URL: 'smtp://x.test', DATABASE_URL: 'sqlite:x.db' }[name];
      const other = { PUBLIC_URL: 'https://x.test', MAIL_FROM: 'a@x.test', HOST: '::' }[name];
      expect(decide({ [name]: value ?? other ?? '' }).mode).toBe('real');
    },
  );

  it('works on a list without knowing a relay', () => {
    const config = decide({ DATABASE_URL: 'sqlite:x.db' });
    expect(config).toMatchObject({ mode: 'real', smtp: null, from: null });
    expect(config.database.path).toBe('x.db');
  });

  it('sends with a relay, a sender and a postal address', () => {
    const config = requireSending(decide(real));
    expect(config.from).toEqual({ name: 'Daily Papers', address: 'papers@example.org' });
    expect(config.smtp.host).toBe('localhost');
    expect(config.links).toEqual({ style: 'reply' });
    expect(config.database.path).toBe('subscribers/paperround.db');
  });

  it('names what is missing, and only that', () => {
    const { POSTAL_ADDRESS, ...half } = real;
    const message = problem(() => requireSending(decide(half)));
    expect(message).toContain('POSTAL_ADDRESS is not set');
    expect(message).not.toContain('SMTP_URL');
  });

  it('names all that is missing at once; the digest has a default', () => {
    expect(problem(() => requireSending(decide({ MAIL_FROM: 'a@x.test' })))).toContain(
      'SMTP_URL, POSTAL_ADDRESS are not set',
    );
    expect(decide(real).digest).toBe('https://huggingface.co/api/daily_papers');
    expect(decide({}).digest).toBe('sample');
  });

  it('links to the public address only where readers can reach it', () => {
    const links = (url: string) => decide({ ...real, PUBLIC_URL: url }).links;
    expect(links('https://news.example.org/')).toEqual({
      style: 'web',
      base: 'https://news.example.org',
    });
    expect(links('http://localhost:3000')).toEqual({ style: 'reply' });
  });

  it('takes the name of MAIL_FROM before that of the newsletter', () => {
    const config = decide({
      ...real,
      MAIL_FROM: '"Papers, daily" <a@x.test>',
      REPLY_TO: 'b@x.test',
    });
    expect(config.from).toEqual({ name: 'Papers, daily', address: 'a@x.test' });
    expect(config.replyTo).toEqual({ name: null, address: 'b@x.test' });
  });
});

describe('a value that cannot be used', () => {
  it.each([
    ['PAPERS', '0', '"0" is not a whole number from 1 to 50. For example: PAPERS=10'],
    ['PAPERS', '51', '1 to 50'],
    ['PAPERS', '1e1', '1 to 50'],
    ['PORT', '65536', '1 to 65535'],
    ['LANES', '-1', '1 to 100'],
    ['SMTP_AUTH', 'oauth', '"oauth" is none of password, xoauth2'],
    ['LOG_LEVEL', 'loud', 'none of trace'],
    ['TIMEZONE', 'Mars/Olympus', 'is not a time zone. For example: TIMEZONE=Europe/Berlin'],
    ['SCHEDULE', '0 8 * *', 'has 4 fields'],
    ['SCHEDULE', '60 8 * * *', 'the minute of "60 8 * * *" cannot be read'],
    ['WEEKLY_SCHEDULE', 'mondays', 'has 1 fields'],
    ['CATCH_UP', '12', 'is not a number of s, min, h or day'],
    ['CATCH_UP', '8day', 'is more than 7day'],
    ['ADMIN_EMAIL', 'nobody', 'cannot be used as an address'],
    ['MAIL_FROM', 'a@localhost', 'the domain after the @ has no dot'],
    ['MAIL_FROM', 'é@x.test', 'plain ASCII'],
    ['MAIL_FROM', 'a@x.test\r\nBcc: b@x.test', 'line break'],
    ['NEWSLETTER_NAME', 'Daily\nPapers', 'it has a line break'],
    ['NEWSLETTER_NAME', ' ', 'is empty'],
    ['DIGEST', '-', 'standard input'],
    ['DIGEST', 'papers.txt, -', 'standard input'],
    ['DIGEST', ' ', 'is empty'],
    ['DIGEST', 'a\nb', 'line break'],
    ['DIGEST', 'x'.repeat(4001), 'longer than 4000 characters'],
    ['DIGEST_ALLOW_PRIVATE', 'true', '"true" is neither yes nor no'],
    ['PUBLIC_URL', 'news.example.org', 'is not an https address'],
    ['PUBLIC_URL', 'ftp://x.test', 'is not an https address'],
    ['PUBLIC_URL', 'http://news.example.org', 'must start with https://'],
    ['PUBLIC_URL', 'https://x.test/papers', 'something after the host name'],
    ['PUBLIC_URL', 'https://x.test?a', 'something after the host name'],
    ['PUBLIC_URL', 'https://me:pw@x.test', 'user or password'],
    ['DATABASE_URL', 'mysql://root@x', 'is not "sqlite:"'],
    ['DATABASE_URL', 'sqlite:', 'is not "sqlite:"'],
    ['DATABASE_URL', 'sqlite:///x.db', 'is not "sqlite:"'],
    ['TRUST_PROXY', 'nginx', '"nginx" is not an IP address'],
    ['TRUST_PROXY', '10.0.0.1,', '"" is not an IP address'],
    ['TRUST_PROXY', '10.0.0.0/33', 'is not an IP address'],
    ['TRUST_PROXY', '10.0.0.1/', 'is not an IP address'],
    ['TRUST_PROXY', 'fe80::1%eth0', 'is not an IP address'],
    ['TRUST_PROXY', '::ffff:10.0.0.1', 'is not an IP address'],
    ['TRUST_PROXY', 'loopback,::/0', '"::/0" would trust everybody'],
    ['SEND_RATE', '50', '"50" is not a rate'],
    ['SEND_RATE', '0/s', 'is not a rate'],
    ['SEND_RATE', '5/s,6/s', '"6/s" is not a rate'],
    ['SEND_RATE', '5/week', 'is not a rate'],
  ])('%s=%j is refused', (name, value, words) => {
    const message = problem(() => decide({ [name]: value }));
    expect(message).toContain(`${name}: `);
    expect(message).toContain(words);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('is listed with all the others', () => {
    const message = problem(() =>
      decide({ PAPERS: 'x', PORT: 'y', SMTP_USER: 'me' }, 'PAPER=3\nnonsense'),
    );
    expect(message).toMatch(/^5 settings cannot be used:\n/);
    for (const part of ['PAPERS: ', 'PORT: ', 'SMTP_URL is missing', 'PAPER is not', 'line 2']) {
      expect(message).toContain(part);
    }
  });
});

describe('a rate', () => {
  it('is read as windows', () => {
    expect(decide({ SEND_RATE: '50/s, 30/min,9/h,500/day' }).sendRate).toEqual([
      { count: 50, perMs: 1000 },
      { count: 30, perMs: 60_000 },
      { count: 9, perMs: 3_600_000 },
      { count: 500, perMs: 86_400_000 },
    ]);
  });
});

describe('the proxies that are trusted', () => {
  it('are nobody, unless they are named', () => {
    expect(decide({}).trustProxy).toEqual([]);
  });

  it('are read as networks', () => {
    const text = 'loopback, 10.0.0.7,10.1.0.0/16,2001:DB8::/32,::1';
    expect(decide({ TRUST_PROXY: text }).trustProxy).toEqual([
      ...['127.0.0.0/8', '::1/128'],
      ...['10.0.0.7/32', '10.1.0.0/16', '2001:db8::/32', '::1/128'],
    ]);
  });
});
