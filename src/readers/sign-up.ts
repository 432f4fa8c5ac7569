import { setImmediate } from 'node:timers/promises';
import type { Address } from '../lib/address.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import {
  deleteSignUp,
  insertSignUp,
  listSignUps,
  makePending,
  type SignUp,
  type Standing,
  standingOf,
} from '../store/joining.ts';
import { type NoticeLimit, queueNotice } from '../store/notices.ts';
import { suppressionHash } from './token.ts';

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
  { address, frequency }: { address: Address; frequency: 'daily' | 'weekly' },
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
