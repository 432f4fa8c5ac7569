import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { DkimKey } from '../../src/mail/message/dkim.ts';
import { dkimRecord, signableHeaders } from '../../src/mail/message/dkim.ts';

/** A new RSA private key in PEM. */
export function rsaPem(bits: number): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A private key for a test file. */
export const testKey = rsaPem(2_048);

/** Signs all headers for news.example.org; `values` say what is different. */
export function aDkimKey(values: Partial<DkimKey> = {}): DkimKey {
  return {
    domain: 'news.example.org',
    selector: 'papers',
    key: createPrivateKey(testKey),
    headers: signableHeaders,
    ...values,
  };
}

/**
 * What an independent verifier, mailauth, says of a message's one signature: `pass`, or why not.
 * It finds the key's record at `published` and nothing anywhere else.
 */
export async function verifyDkim(raw: Buffer, published = aDkimKey()): Promise<string> {
  const record = dkimRecord(published);
  const resolver = async (name: string) => {
    if (name === record.name) return [[record.value]];
    throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
  };
  const { results } = await dkimVerify(raw, { resolver });
  const said = results.map(({ status }) =>
    status.result === 'pass' && status.aligned ? 'pass' : `${status.result}: ${status.comment}`,
  );
  return said.join(', ');
}
