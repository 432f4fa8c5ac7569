import { setImmediate } from 'node:timers/promises';
import type { Frequency } from '../edition/edition.ts';
import type { Address } from '../lib/address.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import {
  activate,
  deleteSignUp,
  insertSignUp,
  listSignUps,
  makePending,
  pruneLimits,
  prunePending,
  queueLatest,
  type SignUp,
  type Standing,
  standingOf,
} from '../store/joining.ts';
import { type NoticeLimit, newestNotice, pruneNotices, queueNotice } from '../store/notices.ts';
import { pruneAddressChanges } from '../store/preferences.ts';
import type { LinkKey } from '../store/settings.ts';
import { getSubscriber, subscriberKeys } from '../store/subscribers.ts';
import { readToken, suppressionHash } from './token.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** What an address is mailed because somebody typed it, whoever that was. */
export const signUpMail: readonly NoticeLimit[] = [
  { purposes: ['confirm', 'already', 'change'], count: 1, perMs: hour },
  { purposes: ['confirm', 'already', 'change'], count: 3, perMs: 7 * day },
];

/** How long after its last bounce an address may be tried again, in ms. */
const bouncedFor = 90 * day;

/**
 * Takes a sign-up down. That is all the visitor waits for: what it comes to is decided afterwards,
 * by `settleSignUps`, and shows in their inbox alone.
 */
export async function signUp(
  db: Database,
  runtime: Pick<Runtime, 'now'>,
  suppressionKey: Buffer,
  { address, frequency }: { address: Address; frequency: Frequency },
): Promise<void> {
  await insertSignUp(db, {
    address: address.address,
    addressKey: address.key,
    addressHash: suppressionHash(suppressionKey, address.key).toString('hex'),
    frequency,
    askedAt: runtime.now(),
  });
}

/**
 * What a sign-up comes to: `invite` asks the address to confirm, `remind` tells it that it is on
 * the list, `ignore` is for those who must not be mailed: who complained, whom the editor removed,
 * and who bounced lately.
 */
export function decideSignUp(
  { status, suppressed }: Standing,
  now: number,
): 'invite' | 'remind' | 'ignore' {
  if (suppressed?.reason === 'complained' || suppressed?.reason === 'editor') return 'ignore';
  if (suppressed?.reason === 'bounced' && now - suppressed.since < bouncedFor) return 'ignore';
  return status === 'active' && !suppressed ? 'remind' : 'invite';
}

/** How many are read at once. */
const batch = 50;

/**
 * Decides all sign-ups that wait, each in a transaction; the driver is synchronous, so others get
 * their turn after each. @returns how many notices it queued.
 */
export async function settleSignUps(db: Database, runtime: Pick<Runtime, 'now'>): Promise<number> {
  let queued = 0;
  for (;;) {
    const waiting = await listSignUps(db, batch);
    for (const one of waiting) {
      if (await settle(db, one, runtime.now())) queued += 1;
      await setImmediate();
    }
    if (waiting.length < batch) return queued;
  }
}

function settle(db: Database, one: SignUp, now: number): Promise<boolean> {
  return db.transaction().execute(async transaction => {
    if (!(await deleteSignUp(transaction, one.id))) return false;
    const standing = await standingOf(transaction, one);
    const decision = decideSignUp(standing, now);
    if (decision === 'ignore') return false;
    const subscriberId =
      decision === 'remind' && standing.subscriberId !== null
        ? standing.subscriberId
        : await makePending(transaction, one, now);
    const purpose = decision === 'remind' ? 'already' : 'confirm';
    const { addressHash } = one;
    const notice = { purpose, subscriberId, addressHash, window: Math.floor(now / hour) } as const;
    return queueNotice(transaction, notice, signUpMail, now);
  });
}

/** What a reader's own links are worked with. */
export type ReaderParts = {
  readonly db: Database;
  readonly runtime: Pick<Runtime, 'now'>;
  readonly linkKeys: readonly [LinkKey, ...LinkKey[]];
};

/** How long the link in a mail that asks to confirm is good for, in ms. */
const linkLives = 7 * day;

/**
 * Whether a link can confirm. `over`: it was too late, or never was one; `renewable`: it is over,
 * and its holder may have a fresh one.
 */
export type ConfirmState = 'asks' | 'done' | 'over' | 'renewable';

/** What the link would do. Changes nothing. */
export async function confirmState(
  { db, runtime, linkKeys }: ReaderParts,
  text: string,
): Promise<ConfirmState> {
  const token = readToken(text, linkKeys);
  if (token?.purpose !== 'confirm') return 'over';
  const subscriber = await getSubscriber(db, token.subscriberId);
  if (!subscriber || subscriber.tokenCounter !== token.counter) return 'over';
  if (subscriber.status === 'active') return 'done';
  if (subscriber.status !== 'pending' && subscriber.status !== 'guest') return 'renewable';
  const asked = await newestNotice(db, 'confirm', subscriber.id);
  return asked !== null && asked > runtime.now() - linkLives ? 'asks' : 'renewable';
}

/** What came of confirming; `now`: the latest edition is on its way already. */
export type Confirmed =
  | { readonly state: 'done'; readonly now: boolean }
  | { readonly state: 'over' | 'renewable' };

/**
 * Puts the holder of the link on the list, and sends them what there is. In one transaction, and
 * twice is as once.
 */
export async function confirm(parts: ReaderParts, text: string): Promise<Confirmed> {
  const token = readToken(text, parts.linkKeys);
  const now = parts.runtime.now();
  return parts.db.transaction().execute(async db => {
    const state = await confirmState({ ...parts, db }, text);
    if (state === 'done') return { state, now: false };
    if (state !== 'asks' || !token) return { state: state === 'renewable' ? state : 'over' };
    const { subscriberId } = token;
    await activate(db, subscriberId, now);
    const latest = await queueLatest(db, subscriberId, now);
    const { addressHash } = await subscriberKeys(db, subscriberId);
    const welcome = { purpose: 'welcome', subscriberId, addressHash } as const;
    if (latest === 'none') {
      await queueNotice(db, { ...welcome, window: Math.floor(now / day) }, [], now);
    }
    return { state: 'done', now: latest === 'coming' };
  });
}

/** Asks for a fresh link to the address that the old one was mailed to. Silent about others. */
export async function renewLink(
  { db, runtime, linkKeys }: ReaderParts,
  text: string,
): Promise<void> {
  const token = readToken(text, linkKeys);
  if (token?.purpose !== 'confirm') return;
  const subscriber = await getSubscriber(db, token.subscriberId);
  if (!subscriber || subscriber.tokenCounter !== token.counter) return;
  const keys = await subscriberKeys(db, subscriber.id);
  const frequency: Frequency = subscriber.frequency;
  await insertSignUp(db, { ...keys, frequency, askedAt: runtime.now() });
}

/** How long what nobody confirmed, and what was said to whom, is kept; in ms. */
const kept = 30 * 24 * hour;

/** Decides the sign-ups that wait; once an hour it also forgets what is kept for a while only. */
export function createHousekeeping(db: Database, runtime: Runtime): () => Promise<void> {
  let next = 0;
  return async () => {
    await settleSignUps(db, runtime);
    const now = runtime.now();
    // The clock may have been set back since.
    if (now < next && next - now <= hour) return;
    next = now + hour;
    await pruneLimits(db, now);
    await pruneNotices(db, now - kept);
    await prunePending(db, now - kept);
    await pruneAddressChanges(db, now - kept);
  };
}
