import { createPublicKey, type KeyObject } from 'node:crypto';

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
