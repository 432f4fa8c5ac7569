import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { type MessageParts, signatureHeader, signedHeaders, splitMessage } from './dkim-header.ts';
import { fill, readyTemplate, type SlotValues } from './fill.ts';
import type { WireTemplate } from './wire-template.ts';

/** Who signs, with what, and what of the head. */
export type DkimKey = {
  /** `d=`: the domain that takes responsibility. */
  readonly domain: string;
  /** `s=`: where below the domain the public key is. */
  readonly selector: string;
  /** An RSA private key. */
  readonly key: KeyObject;
  /** The headers to sign where a message has them; From always is. */
  readonly headers: readonly string[];
};

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

/** Resolves to a message's whole DKIM-Signature header, to be put before its first segment. */
export type Signer = (values: SlotValues) => Promise<Buffer>;

/** Runs in libuv's thread pool: the event loop goes on sending meanwhile. */
const signInPool = promisify(
  (data: Buffer, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign('sha256', data, key, done),
);

/**
 * Prepares signing with rsa-sha256, relaxed/relaxed (RFC 6376). Once per edition: the head's
 * canonical text, and the hash of what all bodies begin with. Per message: the rest of the body's
 * hash, and the signature. `now` is UTC ms. The signer rejects where `fill` throws.
 */
export function createSigner(
  template: WireTemplate,
  { domain, selector, key, headers, now }: DkimKey & { readonly now: () => number },
): Signer {
  const parts = splitMessage(template);
  const { names, text } = signedHeaders(parts.head, headers);
  const head = readyTemplate(text);
  const hashBody = bodyHasher(parts);
  const header = signatureHeader({ domain, selector, names });
  return async values => {
    const { canonical, withSignature } = header(now(), hashBody(values));
    const signed = Buffer.concat([...fill(head, values), Buffer.from(canonical, 'latin1')]);
    return withSignature(await signInPool(signed, key));
  };
}

/**
 * One message by itself: its segments, with the signature before them where there is a key. For a
 * single message; a lane prepares its template once.
 */
export async function fillSigned(
  template: WireTemplate,
  values: SlotValues,
  dkim: DkimKey | null,
  now: () => number,
): Promise<Buffer[]> {
  const segments = fill(readyTemplate(template), values);
  if (!dkim) return segments;
  return [await createSigner(template, { ...dkim, now })(values), ...segments];
}

/**
 * The body's SHA-256 in base64. The body goes in as it is: quoted-printable as we write it has no
 * white space that `relaxed` would change, and it ends in one line end (RFC 6376 §3.4.4).
 */
function bodyHasher({ prefix, rest }: MessageParts): (values: SlotValues) => string {
  const begun = createHash('sha256').update(prefix, 'latin1');
  const template = readyTemplate(rest);
  return values => {
    const hash = begun.copy();
    for (const segment of fill(template, values)) hash.update(segment);
    return hash.digest('base64');
  };
}

/** The TXT record at which receivers find the public key. */
export type DkimRecord = {
  readonly name: string;
  readonly value: string;
};

/** The record for a private key (RFC 6376 §3.6.1, its place §3.6.2.1). */
export function dkimRecord({
  domain,
  selector,
  key,
}: {
  readonly domain: string;
  readonly selector: string;
  readonly key: KeyObject;
}): DkimRecord {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    name: `${selector}._domainkey.${domain}`,
    value: `v=DKIM1; k=rsa; p=${der.toString('base64')}`,
  };
}

/** The record as a line of a zone file: in strings of at most 255 octets (RFC 1035 §3.3.14). */
export function zoneLine({ name, value }: DkimRecord): string {
  const strings = value.match(/.{1,255}/g) ?? [];
  return `${name}. IN TXT ( ${strings.map(text => `"${text}"`).join('\n  ')} )`;
}
