import type { Database } from '../store/database.ts';
import { leave } from '../store/leaving.ts';
import { getSubscriber } from '../store/subscribers.ts';
import { type LinkKey, readToken } from './token.ts';

/**
 * Ends the subscription of whoever the token was made for. Idempotent, and silent about tokens
 * that mean nothing (any more): the answer must not tell who is on the list.
 */
export async function leaveByToken(
  db: Database,
  keys: readonly LinkKey[],
  text: string,
  now: number,
): Promise<void> {
  const token = readToken(text, keys);
  if (token?.purpose !== 'unsubscribe') return;
  const subscriber = await getSubscriber(db, token.subscriberId);
  if (subscriber?.tokenCounter !== token.counter) return;
  await leave(db, subscriber.id, 'left', now);
}
