import type { Address } from '../lib/address.ts';
import type { Runtime } from '../lib/runtime.ts';
import { forget } from '../store/leaving.ts';
import { findNotice, queueNotice } from '../store/notices.ts';
import {
  type AddressChange,
  askAddressChange,
  type Choices,
  changeAddress,
  changeChoices,
  findAddressChange,
  type PersonalData,
  personalData,
} from '../store/preferences.ts';
import { getSubscriber, type Subscriber, subscriberKeys } from '../store/subscribers.ts';
import { type ReaderParts, signUpMail } from './sign-up.ts';
import { readToken, suppressionHash } from './token.ts';

/** Whether somebody gets mails, all or by name. */
function isReader({ status }: Subscriber): boolean {
  return status === 'active' || status === 'guest';
}

/** The reader whose link to their preferences this is; null where it is nobody's, or they left. */
export async function readerOf(
  { db, linkKeys }: Pick<ReaderParts, 'db' | 'linkKeys'>,
  text: string,
): Promise<Subscriber | null> {
  const token = readToken(text, linkKeys);
  if (token?.purpose !== 'preferences') return null;
  const subscriber = await getSubscriber(db, token.subscriberId);
  return subscriber?.tokenCounter === token.counter && isReader(subscriber) ? subscriber : null;
}

/** Keeps a reader's choices. @returns false where the link is nobody's. */
export async function choose(
  parts: ReaderParts,
  text: string,
  choices: Choices,
): Promise<Subscriber | null> {
  const reader = await readerOf(parts, text);
  if (!reader) return null;
  await changeChoices(parts.db, reader.id, choices, parts.runtime.now());
  return { ...reader, ...choices };
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** One fresh link in ten minutes, five a day: a link in a forwarded mail must not flood anybody. */
const linkMail = [{ purposes: ['manage'], count: 5, perMs: day }] as const;

/** Mails a fresh link to the reader's own address, for what a forwarded mail must not allow. */
export async function sendManageLink(parts: ReaderParts, text: string): Promise<void> {
  const reader = await readerOf(parts, text);
  if (!reader) return;
  const now = parts.runtime.now();
  const { addressHash } = await subscriberKeys(parts.db, reader.id);
  const window = Math.floor(now / (10 * minute));
  const notice = { purpose: 'manage', subscriberId: reader.id, addressHash, window } as const;
  await queueNotice(parts.db, notice, linkMail, now);
}

/** How long a fresh link is good for, in ms. */
const linkLives = day;

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
