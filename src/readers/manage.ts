import type { Address } from '../lib/address.ts';
import type { Runtime } from '../lib/runtime.ts';
import { forget } from '../store/leaving.ts';
import { findNotice } from '../store/notices.ts';
import {
  type AddressChange,
  askAddressChange,
  changeAddress,
  findAddressChange,
  type PersonalData,
  personalData,
} from '../store/preferences.ts';
import { getSubscriber, type Subscriber } from '../store/subscribers.ts';
import { isReader, type ReaderParts } from './preferences.ts';
import { signUpMail } from './sign-up.ts';
import { readToken, suppressionHash } from './token.ts';

/** How long a fresh link is good for, in ms. */
const linkLives = 24 * 3_600_000;

/** The reader whose fresh link this is; null where it is nobody's, or too old. */
export async function managerOf(parts: ReaderParts, text: string): Promise<Subscriber | null> {
  const token = readToken(text, parts.linkKeys);
  if (token?.purpose !== 'manage') return null;
  const notice = await findNotice(parts.db, 'manage', token.subscriberId);
  if (!notice || !isFresh(parts.runtime, notice.createdAt)) return null;
  const reader = await getSubscriber(parts.db, notice.subscriberId);
  return reader?.tokenCounter === token.counter && isReader(reader) ? reader : null;
}

/** What lies as far ahead is from before the clock was set back. */
function isFresh(runtime: Pick<Runtime, 'now'>, since: number): boolean {
  return Math.abs(runtime.now() - since) < linkLives;
}

/**
 * Asks the owner of another address to confirm that this reader be mailed there. That address gets
 * no more mail by this than by a sign-up, and the answer is the same whoever's it is.
 */
export async function askToChange(
  { db, runtime }: ReaderParts,
  suppressionKey: Buffer,
  { id: subscriberId }: Subscriber,
  { address, key }: Address,
): Promise<void> {
  const now = runtime.now();
  const addressHash = suppressionHash(suppressionKey, key).toString('hex');
  const change = { subscriberId, address, addressKey: key, addressHash, askedAt: now };
  await askAddressChange(db, change, signUpMail);
}

/** The change that a link confirms; null where it is done, void or too old, or its reader left. */
export async function changeOf(parts: ReaderParts, text: string): Promise<AddressChange | null> {
  const token = readToken(text, parts.linkKeys);
  if (token?.purpose !== 'change') return null;
  const change = await findAddressChange(parts.db, token.subscriberId);
  if (!change || !isFresh(parts.runtime, change.askedAt)) return null;
  const reader = await getSubscriber(parts.db, change.subscriberId);
  return reader && isReader(reader) ? change : null;
}

/** Does the change that a link confirms. @returns false where it is void, or cannot be done. */
export async function confirmChange(parts: ReaderParts, text: string): Promise<boolean> {
  const change = await changeOf(parts, text);
  return change !== null && changeAddress(parts.db, change, parts.runtime.now());
}

/** All that is kept of the reader whose fresh link this is; null where it is nobody's. */
export async function dataOf(parts: ReaderParts, text: string): Promise<PersonalData | null> {
  const reader = await managerOf(parts, text);
  return reader && personalData(parts.db, reader.id);
}

/** Forgets the reader whose fresh link this is. @returns false where it is nobody's. */
export async function forgetByToken(parts: ReaderParts, text: string): Promise<boolean> {
  const reader = await managerOf(parts, text);
  return reader !== null && forget(parts.db, reader.id, parts.runtime.now());
}
