import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LinkKey } from '../store/settings.ts';

/** What each purpose is in a token's third byte. Tokens live in old mails: numbers never change. */
const purposeBytes = {
  unsubscribe: 1,
  preferences: 2,
  confirm: 3,
  undo: 4,
  /** Its number is that of the change of address, not of a subscriber. */
  change: 6,
  /**
   * In a fresh mail only: what somebody else than the reader must not do. Its number is that of the
   * notice, so that no other one makes an old link good again. (5 had the subscriber's.)
   */
  manage: 7,
} as const;

/** What a token allows its holder to do. */
export type Purpose = keyof typeof purposeBytes;

/** What a token says. Whether `counter` is still the subscriber's is for the caller to check. */
export type TokenContent = {
  readonly purpose: Purpose;
  readonly subscriberId: number;
  readonly counter: number;
};

/** Length of every token, in base64url characters (RFC 4648 §5, no padding). */
export const tokenLength = 42;

const version = 1;
const signedBytes = 15;
const macBytes = 16;
const purposes = new Map<number, Purpose>(
  Object.entries(purposeBytes).map(([name, byte]) => [byte, name as Purpose]),
);

/**
 * A token of 42 characters: base64url of version(1) key id(1) purpose(1) subscriber id(8)
 * counter(4), big-endian, and the HMAC-SHA-256 of these cut to 16 bytes. Throws a RangeError on
 * numbers that do not fit.
 */
export function makeToken(
  key: LinkKey,
  purpose: Purpose,
  subscriberId: number,
  counter: number,
): string {
  if (!Number.isSafeInteger(subscriberId) || subscriberId < 0) {
    throw new RangeError(`not a subscriber id: ${subscriberId}`);
  }
  const bytes = Buffer.allocUnsafe(signedBytes + macBytes);
  bytes[0] = version;
  bytes.writeUInt8(key.id, 1);
  bytes[2] = purposeBytes[purpose];
  bytes.writeUInt32BE(Math.floor(subscriberId / 2 ** 32), 3);
  bytes.writeUInt32BE(subscriberId % 2 ** 32, 7);
  bytes.writeUInt32BE(counter, 11);
  mac(key, bytes).copy(bytes, signedBytes, 0, macBytes);
  return bytes.toString('base64url');
}

/** Reads a token that one of `keys` signed; null for anything else, without saying why. */
export function readToken(text: string, keys: readonly LinkKey[]): TokenContent | null {
  if (text.length !== tokenLength) return null;
  const bytes = Buffer.from(text, 'base64url');
  // The decoder skips foreign characters and spare bits: only the one canonical text is a token.
  if (bytes.toString('base64url') !== text || bytes[0] !== version) return null;
  const key = keys.find(({ id }) => id === bytes[1]);
  if (!key) return null;
  const expected = mac(key, bytes).subarray(0, macBytes);
  if (!timingSafeEqual(expected, bytes.subarray(signedBytes))) return null;

  const purpose = purposes.get(bytes.readUInt8(2));
  if (!purpose || (key.retired && purpose !== 'unsubscribe')) return null;
  const subscriberId = bytes.readUInt32BE(3) * 2 ** 32 + bytes.readUInt32BE(7);
  return { purpose, subscriberId, counter: bytes.readUInt32BE(11) };
}

function mac(key: LinkKey, bytes: Buffer): Buffer {
  return createHmac('sha256', key.key).update(bytes.subarray(0, signedBytes)).digest();
}

/**
 * The keyed hash (HMAC-SHA-256, 32 bytes) under which an address is remembered as not to be
 * mailed, so that the memory outlives the address itself.
 */
export function suppressionHash(suppressionKey: Buffer, addressKey: string): Buffer {
  return createHmac('sha256', suppressionKey).update(addressKey).digest();
}
