import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type Checked, fail, pass } from '../lib/errors.ts';
import { signableHeaders } from '../mail/message/dkim.ts';

/** What `SMTP_URL` says. */
export type SmtpUrl = {
  readonly host: string;
  readonly port: number | null;
  readonly implicitTls: boolean;
  readonly tls: 'required' | 'none' | null;
  readonly user: string | null;
  readonly password: string | null;
};

const encode =
  'write @ as %40, # as %23, / as %2F, ? as %3F, : as %3A and % as %25, or put the password in SMTP_PASSWORD';

/** Reads `smtp(s)://[user:password@]host[:port][?tls=required|none]`. Problems never echo it. */
export function smtpUrl(text: string): Checked<SmtpUrl> {
  if (!/^smtps?:\/\//i.test(text)) return fail('must start with smtp:// or smtps://');
  if (text.includes('#')) return fail(`has a # in it: ${encode}`);
  if (/[\s\p{Cc}]/u.test(text)) return fail('has a space in it');
  const url = URL.canParse(text) ? new URL(text) : null;
  const afterHost = url !== null && !['', '/'].includes(url.pathname);
  if (text.includes('@') && (!url || afterHost || url.search.includes('@'))) {
    return fail(`has a special character in its user or password: ${encode}`);
  }
  if (!url || afterHost) return fail('is not a host with an optional :port');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!/^[\w.:-]+$/.test(host)) return fail('has a host name that cannot be read');
  const options = [...url.searchParams];
  const tls = options.length === 1 && options[0]?.[0] === 'tls' ? options[0][1] : null;
  if (options.length > 0 && tls !== 'required' && tls !== 'none') {
    return fail('has an option other than ?tls=required or ?tls=none');
  }
  const implicitTls = url.protocol === 'smtps:';
  if (implicitTls && tls === 'none') return fail('says smtps:// and ?tls=none at once');
  const user = decode(url.username);
  const password = decode(url.password);
  if (user === undefined || password === undefined) {
    return fail(`has a % in its user or password that stands for nothing: ${encode}`);
  }
  if ((user === null) !== (password === null)) {
    return fail('has a user without a password, or a password without a user');
  }
  const port = url.port === '' ? null : Number(url.port);
  return pass({ host, port, implicitTls, tls: tls as SmtpUrl['tls'], user, password });
}

/** The text behind percent signs; null where there is none, undefined where it is malformed. */
function decode(text: string): string | null | undefined {
  try {
    return text === '' ? null : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const isName = (text: string) => text.split('.').every(part => label.test(part));

/** A domain of at least two labels, as A-labels. */
export function domain(text: string): Checked<string> {
  const value = text.toLowerCase();
  const ok = value.length <= 253 && value.includes('.') && isName(value);
  return ok ? pass(value) : fail(`"${text}" is not a domain (in ASCII, without a dot at its end)`);
}

/** The name of a key below `_domainkey` (RFC 6376 §3.1). */
export function selector(text: string): Checked<string> {
  const ok = text.length <= 100 && isName(text.toLowerCase());
  return ok
    ? pass(text)
    : fail(`"${text}" is not a selector: letters, digits, hyphens and single dots`);
}

/** A PEM private key; in the environment its line ends may be written `\n`. Never echoed. */
export function privateKey(text: string): Checked<KeyObject> {
  const key = readKey(text.replace(/\\n/g, '\n'));
  if (!key) return fail('is not a private key in PEM that can be read without a passphrase');
  if (key.asymmetricKeyType !== 'rsa') {
    return fail(`is a key for ${key.asymmetricKeyType}, and only RSA is used for signing here`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  // RFC 8301 §3.2: receivers do not count less.
  if (bits < 1024) return fail(`has ${bits} bits, and receivers ask for 1024 or better 2048`);
  return pass(key);
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

/** Names of headers with commas or colons between them. */
export function headerNames(text: string): Checked<readonly string[]> {
  const found = text
    .split(/[,:]/)
    .map(name => name.trim())
    .map(name => ({ name, known: signableHeaders.find(one => sameName(one, name)) }));
  const stranger = found.find(({ known }) => !known);
  if (stranger) return fail(`"${stranger.name}" is none of ${signableHeaders.join(', ')}`);
  return pass(found.flatMap(({ known }) => known ?? []));
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
