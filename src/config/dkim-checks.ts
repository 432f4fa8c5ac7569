import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Checked } from '../lib/address.ts';

/** The headers that can be signed: all that a message of ours has. */
export const signableHeaders = [
  'From',
  'To',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'MIME-Version',
  'Content-Type',
] as const;

const fail = (problem: string) => ({ ok: false, problem }) as const;
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const isName = (text: string) => text.split('.').every(part => label.test(part));

/** A domain of at least two labels, as A-labels. */
export function domain(text: string): Checked<string> {
  const value = text.toLowerCase();
  const ok = value.length <= 253 && value.includes('.') && isName(value);
  return ok
    ? { ok, value }
    : fail(`"${text}" is not a domain (in ASCII, without a dot at its end)`);
}

/** The name of a key below `_domainkey` (RFC 6376 §3.1). */
export function selector(text: string): Checked<string> {
  const ok = text.length <= 100 && isName(text.toLowerCase());
  return ok
    ? { ok, value: text }
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
  return { ok: true, value: key };
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
  return { ok: true, value: found.flatMap(({ known }) => known ?? []) };
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
