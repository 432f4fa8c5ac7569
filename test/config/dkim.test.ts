import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decideConfig, describeConfig, readSettings } from '../../src/config/config.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { signableHeaders } from '../../src/mail/message/dkim.ts';
import { buildWireTemplate } from '../../src/mail/message/wire-template.ts';
import { rsaPem, testKey } from '../support/dkim.ts';

const read = (env: Record<string, string>) =>
  decideConfig(
    readSettings(env, null, () => testKey),
    { timeZone: 'UTC' },
  );
const decide = (env: Record<string, string>) => read(env).dkim;

const all = { DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 'papers', DKIM_KEY: testKey };

function problem(env: Record<string, string>): string {
  try {
    decide(env);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  return expect.fail('no problem');
}

const pemOf = (key: { export(o: { type: 'pkcs8'; format: 'pem' }): string | Buffer }) =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('signing', () => {
  it('is off where nothing is set', () => expect(decide({})).toBeNull());

  it('takes a domain, a selector and a key, and signs all headers', () => {
    expect(decide(all)).toMatchObject({
      domain: 'example.org',
      selector: 'papers',
      headers: signableHeaders,
    });
  });

  it.each([
    ['with line ends written \\n', { DKIM_KEY: testKey.replaceAll('\n', '\\n') }],
    ['in a file', { DKIM_KEY: '', DKIM_KEY_FILE: 'dkim.pem' }],
    ['with CRLF', { DKIM_KEY: testKey.replaceAll('\n', '\r\n') }],
  ])('takes a key %s', (_, key) => {
    expect(pemOf(decide({ ...all, ...key })?.key ?? expect.fail('no key'))).toBe(testKey);
  });

  it.each(['example.org', 'news.example.org', 'NEWS.EXAMPLE.ORG'])(
    'of mail from news.example.org may be by %s',
    domain => {
      const env = { ...all, MAIL_FROM: 'a@news.example.org', DKIM_DOMAIN: domain };
      expect(decide(env)?.domain).toBe(domain.toLowerCase());
    },
  );

  it('knows all headers that a message can have', () => {
    const mailbox = { name: null, address: 'a@example.org' };
    const slots = { unsubscribe: 'MARKMARK', preferences: null };
    const template = buildWireTemplate(
      { subject: 'x', preheader: '', html: 'x', text: 'x', slots, picks: 1, trimmed: [] },
      { from: mailbox, replyTo: mailbox, listName: 'x', unsubscribeBase: 'https://x.test/' },
      { sendAt: 0, seed: 'x' },
    );
    const head = template.map(piece => (typeof piece === 'string' ? piece : 'x')).join('');
    const names = [...(head.split('\r\n\r\n')[0] ?? '').matchAll(/^([\w-]+):/gm)];
    expect(names.map(([, name]) => name).sort()).toEqual([...signableHeaders].sort());
  });

  it('covers the headers that are named, with commas or colons, in any case', () => {
    const DKIM_HEADERS = 'from, subject:message-id';
    expect(decide({ ...all, DKIM_HEADERS })?.headers).toEqual(['From', 'Subject', 'Message-ID']);
  });

  it.each([
    'email-smtp.eu-west-1.amazonaws.com',
    'email-smtp-fips.us-east-1.amazonaws.com',
    'EMAIL-SMTP.us-east-1.amazonaws.com',
    'vpce-1-a.email-smtp.us-east-1.vpce.amazonaws.com',
  ])('leaves out what Amazon SES replaces: %s', host => {
    const env = { ...all, SMTP_URL: `smtp://${host}:587` };
    const others = signableHeaders.filter(name => name !== 'Date' && name !== 'Message-ID');
    expect(decide(env)?.headers).toEqual(others);
    expect(decide({ ...env, DKIM_HEADERS: 'From,Date' })?.headers).toEqual(['From']);
  });

  it.each(['mail.example.org', 'email-smtp.example.org', 'amazonaws.com.example.org'])(
    'leaves nothing out with other hosts: %s',
    host => {
      expect(decide({ ...all, SMTP_URL: `smtp://${host}` })?.headers).toEqual(signableHeaders);
    },
  );

  it('never shows the key', () => {
    const shown = JSON.stringify(describeConfig(read(all)));
    expect(shown).toContain('"DKIM_KEY","value":"***"');
    expect(shown).not.toContain('PRIVATE KEY');
  });
});

describe('signing that is half set', () => {
  it.each([
    [
      { DKIM_DOMAIN: 'example.org' },
      /^DKIM_SELECTOR and DKIM_KEY are not set, while DKIM_DOMAIN is/,
    ],
    [{ ...all, DKIM_SELECTOR: '' }, /For example: DKIM_SELECTOR=papers\./],
    [{ ...all, DKIM_KEY: '' }, /For example: DKIM_KEY_FILE=dkim\.pem\./],
    [
      { DKIM_HEADERS: 'From' },
      /DKIM_DOMAIN=example\.org and DKIM_SELECTOR=papers and DKIM_KEY_FILE/,
    ],
  ])('is one error with an example of the right line', (env, message) => {
    expect(problem(env)).toMatch(message);
    expect(problem(env)).not.toContain('\n');
  });
});

describe('signing with a mistake', () => {
  const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { privateKey: ed } = generateKeyPairSync('ed25519');
  const { privateKey: pss, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const locked = pss
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' })
    .toString();

  it.each([
    ['text that is no key', 'secret', /^DKIM_KEY: is not a private key in PEM/],
    ['half a key', testKey.slice(0, 400), /is not a private key in PEM/],
    ['a public key', publicKey.export({ type: 'spki', format: 'pem' }).toString(), /not a private/],
    ['a key with a passphrase', locked, /without a passphrase/],
    ['an elliptic curve', pemOf(ec), /is a key for ec, and only RSA/],
    ['Ed25519', pemOf(ed), /is a key for ed25519/],
    ['a short key', rsaPem(768), /has 768 bits, and receivers ask for 1024/],
  ])('is refused without showing the key: %s', (_, DKIM_KEY, message) => {
    const text = problem({ ...all, DKIM_KEY });
    expect(text).toMatch(message);
    expect(text).toMatch(/For example: DKIM_KEY_FILE=dkim\.pem$/);
    expect(text.split('\n')).toHaveLength(1);
    expect(text).not.toMatch(/BEGIN|secret/);
  });

  it.each([
    [{ DKIM_DOMAIN: 'org' }, 'DKIM_DOMAIN: "org" is not a domain'],
    [{ DKIM_DOMAIN: 'x.test; s=a' }, 'is not a domain'],
    [{ DKIM_DOMAIN: 'münchen.example' }, 'is not a domain (in ASCII'],
    [{ DKIM_SELECTOR: 'a b' }, 'DKIM_SELECTOR: "a b" is not a selector'],
    [{ DKIM_SELECTOR: 'a..b' }, 'is not a selector'],
    [{ DKIM_SELECTOR: 'a;b' }, 'is not a selector'],
    [{ DKIM_HEADERS: 'From,Subjct' }, 'DKIM_HEADERS: "Subjct" is none of From, To'],
    [{ DKIM_HEADERS: 'From,,To' }, '"" is none of'],
  ])('is refused: %o', (env, words) => expect(problem({ ...all, ...env })).toContain(words));

  it.each(['other.example', 'mail.news.example.org', 'ews.example.org'])(
    'is refused where the signature by %s would not count as the sender’s',
    domain => {
      const env = { ...all, MAIL_FROM: 'Papers <a@news.example.org>', DKIM_DOMAIN: domain };
      expect(problem(env)).toMatch(
        /^DKIM_DOMAIN: mail from news\.example\.org must be signed by news\.example\.org or a domain above it; .* For example: DKIM_DOMAIN=news\.example\.org$/,
      );
    },
  );
});
