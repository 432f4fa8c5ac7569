import type { Database } from '../store/database.ts';
import { leave, undoLeaving } from '../store/leaving.ts';
import type { LinkKey } from '../store/settings.ts';
import { getSubscriber, type Subscriber } from '../store/subscribers.ts';
import { makeToken, readToken } from './token.ts';

/** How long the way back that is shown after leaving stays open, in ms. */
const undoLives = 7 * 24 * 3_600_000;

/**
 * Ends the subscription of whoever the token was made for. Idempotent, and silent about readers
 * who are gone: the answer must not tell who is on the list. A link in an old mail goes on working
 * after the address was changed.
 * @returns a token that undoes it; null where this is no link to leave, and nobody left.
 */
export async function leaveByToken(
  db: Database,
  keys: readonly [LinkKey, ...LinkKey[]],
  text: string,
  now: number,
): Promise<string | null> {
  const subscriber = await leaverOf(db, keys, text);
  if (subscriber === 'gone') return makeToken(keys[0], 'undo', 0, 0);
  if (!subscriber) return null;
  await leave(db, subscriber.id, 'left', now);
  return makeToken(keys[0], 'undo', subscriber.id, subscriber.tokenCounter);
}

/** Whether leaving by this token would be answered with a way back. Changes nothing. */
export async function canLeave(
  db: Database,
  keys: readonly LinkKey[],
  text: string,
): Promise<boolean> {
  return (await leaverOf(db, keys, text)) !== null;
}

async function leaverOf(
  db: Database,
  keys: readonly LinkKey[],
  text: string,
): Promise<Subscriber | 'gone' | null> {
  const token = readToken(text, keys);
  if (token?.purpose !== 'unsubscribe' && token?.purpose !== 'preferences') return null;
  const subscriber = await getSubscriber(db, token.subscriberId);
  if (!subscriber) return 'gone';
  const { tokenCounter } = subscriber;
  const holds =
    token.purpose === 'unsubscribe'
      ? token.counter <= tokenCounter
      : token.counter === tokenCounter;
  return holds ? subscriber : null;
}

/**
 * Undoes leaving by the token that was shown after it. Idempotent.
 * @returns whether they are back; false where it is too late, or the token is no such one.
 */
export async function undoByToken(
  db: Database,
  keys: readonly LinkKey[],
  text: string,
  now: number,
): Promise<boolean> {
  const token = readToken(text, keys);
  if (token?.purpose !== 'undo') return false;
  const subscriber = await getSubscriber(db, token.subscriberId);
  if (subscriber?.tokenCounter !== token.counter) return false;
  if (await undoLeaving(db, subscriber.id, now - undoLives, now)) return true;
  return subscriber.status === 'active' || subscriber.status === 'guest';
}
