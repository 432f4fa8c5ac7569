import type { Day } from '../day.ts';
import type { Database } from '../store/database.ts';
import { type OperatorNotice, queueOperatorNotice } from '../store/notices.ts';
import { type Slot, troubleSince } from '../store/slots.ts';

/** Who is told, and how times are shown. */
export type Telling = {
  readonly db: Database;
  /** Null: nobody is told. */
  readonly admin: string | null;
  /** An IANA name. */
  readonly timeZone: string;
};

/**
 * Tells the operator where a day ended without an edition and a person is needed, once until an
 * edition goes out again, and then that it does. @returns whether a notice was queued.
 */
export async function tellOperator(
  { db, admin, timeZone }: Telling,
  slot: Slot,
  now: number,
): Promise<boolean> {
  if (admin === null || slot.againAt !== null) return false;
  const purpose = purposeOf(slot);
  const since = purpose && (await troubleSince(db, slot.kind, slot.date));
  if (!purpose || !since) return false;
  const time = (instant: number) => localTime(instant, timeZone);
  const about = {
    kind: slot.kind,
    daily: slot.kind === 'daily' ? 'yes' : '',
    date: slot.date,
    since,
    from: time(slot.begunAt),
    to: time(slot.decidedAt),
    reason: slot.reason ?? '',
  };
  const window = windowOf(slot.kind, since);
  return queueOperatorNotice(db, { purpose, window, address: admin, about }, now);
}

function purposeOf({ outcome }: Slot): OperatorNotice['purpose'] | null {
  if (outcome === 'source-failed' || outcome === 'failed') return 'trouble';
  return outcome === 'published' ? 'recovered' : null;
}

/** One number for all days of a trouble: the day on which it began, and the kind. */
function windowOf(kind: Slot['kind'], since: Day): number {
  return Number(since.replaceAll('-', '')) * 10 + (kind === 'weekly' ? 1 : 0);
}

/** `08:00`, with the day before it. */
function localTime(instant: number, timeZone: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat('en-GB', { timeZone, ...style }).format(instant);
}
