import { describe, expect, it } from 'vitest';
import { decideConfig, readSettings } from '../../src/config/config.ts';
import { UsageError } from '../../src/lib/errors.ts';

const decide = (env: Record<string, string>) =>
  decideConfig(
    readSettings(env, null, path => expect.fail(path)),
    { timeZone: 'UTC' },
  ).smtp;

function problem(env: Record<string, string>): string {
  try {
    decide(env);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  return expect.fail('no problem');
}

describe('the SMTP server', () => {
  it.each([
    ['smtp://localhost', { host: 'localhost', port: 25, tls: 'none' }],
    ['smtp://127.0.0.1:1025/', { host: '127.0.0.1', port: 1025, tls: 'none' }],
    ['smtp://[::1]:25', { host: '::1', tls: 'none' }],
    ['smtp://me:pw@localhost', { port: 587, tls: 'offered' }],
    ['smtp://mail.x.test', { port: 25, tls: 'offered' }],
    ['smtp://mail.x.test?tls=none', { tls: 'none' }],
    ['smtp://mail.x.test?tls=required', { tls: 'required' }],
    ['smtp://me:pw@mail.x.test', { port: 587, tls: 'required' }],
    ['smtps://me:pw@mail.x.test', { port: 465, tls: 'implicit' }],
  ])('of %s is %o', (url, expected) => expect(decide({ SMTP_URL: url })).toMatchObject(expected));

  it('has user and password percent-decoded', () => {
    expect(decide({ SMTP_URL: 'smtp://me%40x.test:p%23%2f%25@mail.x.test' })?.auth).toEqual({
      method: 'password',
      user: 'me@x.test',
      secret: { kind: 'text', text: 'p#/%' },
    });
  });

  it('takes a password of any letters from SMTP_PASSWORD', () => {
    const env = { SMTP_URL: 'smtp://mail.x.test', SMTP_USER: 'me', SMTP_PASSWORD: 'p#/@:% ' };
    expect(decide(env)?.auth?.secret).toEqual({ kind: 'text', text: 'p#/@:% ' });
    expect(decide(env)?.tls).toBe('required');
  });

  it('takes a fresh token from a command', () => {
    const env = {
      SMTP_URL: 'smtp://mail.x.test',
      SMTP_USER: 'me',
      SMTP_AUTH: 'xoauth2',
      SMTP_PASSWORD_COMMAND: 'print-token --now',
    };
    expect(decide(env)?.auth).toEqual({
      method: 'xoauth2',
      user: 'me',
      secret: { kind: 'command', command: 'print-token --now' },
    });
  });
});

describe('an SMTP_URL with a mistake', () => {
  it.each([
    ['mail.x.test', 'must start with smtp://'],
    ['http://mail.x.test', 'must start with smtp://'],
    ['smtp:mail.x.test', 'must start with smtp://'],
    ['smtp://', 'host name'],
    ['smtp://x y', 'space'],
    ['smtp://x.test:99999', 'not a host'],
    ['smtp://x.test/inbox', 'not a host'],
    ['smtp://me:s3cr#t@x.test', 'has a # in it: write @ as %40, # as %23'],
    ['smtp://me:s3cr/t@x.test', 'special character'],
    ['smtp://me:12/s3cr@x.test', 'special character'],
    ['smtp://me:s3cr?t@x.test', 'special character'],
    ['smtp://me:12?s3cr@x.test', 'special character'],
    ['smtp://me:s3cr%t@x.test', 'a % in its user or password'],
    ['smtp://me@x.test', 'a user without a password'],
    ['smtp://:s3cr@x.test', 'a password without a user'],
    ['smtp://x.test?ssl=yes', 'an option other than'],
    ['smtp://x.test?tls=maybe', 'an option other than'],
    ['smtps://x.test?tls=none', 'at once'],
    ['smtp://me:s3cr@x.test?tls=none', 'in the open'],
    ['smtp://exa%20mple', 'host name'],
  ])('%s is refused without showing the password', (url, words) => {
    const message = problem({ SMTP_URL: url });
    expect(message).toMatch(/^SMTP_URL: /);
    expect(message).toContain(words);
    expect(message).not.toContain('s3cr');
  });
});

describe('a half-set sign-in', () => {
  const SMTP_URL = 'smtp://mail.x.test';

  it.each([
    [{ SMTP_URL, SMTP_USER: 'me' }, 'SMTP_USER is set, and no SMTP_PASSWORD'],
    [{ SMTP_URL, SMTP_PASSWORD: 's3cr' }, 'SMTP_PASSWORD is set, and no SMTP_USER'],
    [{ SMTP_USER: 'me', SMTP_PASSWORD: 's3cr' }, 'SMTP_URL is missing'],
    [{ SMTP_URL, SMTP_AUTH: 'xoauth2' }, 'no user to sign in'],
    [{ SMTP_URL, SMTP_USER: 'me', SMTP_PASSWORD: 's3cr', SMTP_PASSWORD_COMMAND: 'x' }, 'both set'],
    [{ SMTP_URL: 'smtp://me:s3cr@x.test', SMTP_USER: 'me', SMTP_PASSWORD: 's3cr' }, 'keep one'],
  ])('%o is refused', (env, words) => {
    expect(problem(env)).toContain(words);
    expect(problem(env)).not.toContain('s3cr');
  });
});
