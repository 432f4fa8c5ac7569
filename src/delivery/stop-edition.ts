import { crc32 } from 'node:zlib';
import type { Runtime } from '../lib/runtime.ts';
import { sayTime } from '../lib/zoned-time.ts';
import type { Database } from '../store/database.ts';
import { type Outcome, recordOutcomes } from '../store/deliveries.ts';
import { moveEdition, type StoredEdition } from '../store/editions.ts';
import { queueOperatorNotice } from '../store/notices.ts';

/**
 * Why an edition stopped before everybody had it. `refused`: the server refuses us; `limit`: it
 * names a limit, which is waited for until then (UTC ms); in both the edition is paused.
 * `connection`: no lane got through; `rate`: SEND_RATE is used up for `waitMs`.
 */
export type Trouble =
  | Stop
  | { readonly why: 'connection'; readonly text: string }
  | { readonly why: 'rate'; readonly text: string; readonly waitMs: number };

/** What keeps an edition from going on, whoever its next reader is. */
export type Stop =
  | { readonly why: 'refused'; readonly text: string }
  | { readonly why: 'limit'; readonly text: string; readonly until: number };

/** What it takes to stop an edition, and to say so. */
export type StopParts = {
  readonly db: Database;
  readonly runtime: Runtime;
  /** Who is mailed, and in which zone (an IANA name); nobody if left out. */
  readonly operator?: { readonly address: string | null; readonly timeZone: string };
};

/**
 * Pauses an edition and queues a mail to the operator. Those whose fate was undecided wait for it
 * to go on. One transaction: whoever is told finds it so.
 */
export async function stopEdition(
  { db, runtime, operator }: StopParts,
  edition: StoredEdition,
  workerId: string,
  undecided: readonly Outcome[],
  stop: Stop,
): Promise<void> {
  const { id, kind, date, expiresAt } = edition;
  const until = stop.why === 'limit' ? stop.until : null;
  const pausedBy = until === null ? 'policy' : 'relay';
  const change = { pausedBy, reason: stop.text, resumeAt: until } as const;
  await db.transaction().execute(async transaction => {
    await recordOutcomes(transaction, workerId, undecided.map(waiting));
    const moved = await moveEdition(transaction, id, ['sending'], 'paused', change);
    if (!moved || !operator?.address) return;
    const about = {
      edition: `${id}`,
      kind,
      date,
      reason: stop.text,
      until: until === null ? '' : sayTime(until, operator.timeZone),
      late: until !== null && until >= expiresAt ? sayTime(expiresAt, operator.timeZone) : '',
    };
    const notice = { purpose: 'trouble', window: windowOf(id, stop.text), about } as const;
    await queueOperatorNotice(transaction, { ...notice, address: operator.address }, runtime.now());
  });
  if (until === null) {
    runtime.log.error({ edition: id, reply: stop.text }, 'the server refuses us: paused');
  } else {
    const at = new Date(until).toISOString();
    runtime.log.error({ edition: id, reply: stop.text, until: at }, 'the server names a limit');
  }
}

/** As it would be had it never been decided: due as soon as the edition goes on. */
export function waiting(outcome: Outcome): Outcome {
  return outcome.state === 'failed' ? { ...outcome, state: 'deferred' } : outcome;
}

/** One number for an edition and the words of a reason; those of days (`schedule/tell`) are above 0. */
function windowOf(editionId: number, reason: string): number {
  return -(editionId * 2 ** 32 + crc32(reason.replace(/\S*\d\S*/g, '')));
}
