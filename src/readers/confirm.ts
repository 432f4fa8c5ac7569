import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import { activate, insertSignUp, queueLatest } from '../store/joining.ts';
import { newestNotice, queueNotice } from '../store/notices.ts';
import type { Frequency } from '../store/schema.ts';
import { getSubscriber, subscriberKeys } from '../store/subscribers.ts';
import { type LinkKey, readToken } from './token.ts';

const day = 24 * 3_600_000;

/** How long the link in a mail that asks to confirm is good for, in ms. */
const linkLives = 7 * day;

/** What a confirmation works with. */
export type ConfirmParts = {
  readonly db: Database;
  readonly runtime: Pick<Runtime, 'now'>;
  readonly linkKeys: readonly LinkKey[];
};

/**
 * Whether a link can confirm. `over`: it was too late, or never was one; `renewable`: it is over,
 * and its holder may have a fresh one.
 */
export type ConfirmState = 'asks' | 'done' | 'over' | 'renewable';

/** What the link would do. Changes nothing. */
export async function confirmState(
  { db, runtime, linkKeys }: ConfirmParts,
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
export async function confirm(parts: ConfirmParts, text: string): Promise<Confirmed> {
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
  { db, runtime, linkKeys }: ConfirmParts,
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
