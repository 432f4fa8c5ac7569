import { addDays, type Day } from '../lib/day.ts';
import { showTime } from '../lib/zoned-time.ts';
import type { Database } from '../store/database.ts';
import { type OperatorNotice, queueOperatorNotice } from '../store/notices.ts';
import { type Slot, silentSince, troubleSince } from '../store/slots.ts';

/** Who is told, and how times are shown. */
export type AlertParts = {
  readonly db: Database;
  /** Null: nobody is told. */
  readonly admin: string | null;
  /** An IANA name. */
  readonly timeZone: string;
};

/** After how many days without an edition a person should know, even if each had a good reason. */
const longSilence = 14;

/**
 * Tells the operator where a day ended without an edition and a person is needed, or none came for two
 * weeks; once until an edition goes out again, and then that it does.
 * @returns whether a notice was queued.
 */
export async function alertOperator(
  { db, admin, timeZone }: AlertParts,
  slot: Slot,
  now: number,
): Promise<boolean> {
  if (admin === null || slot.againAt !== null) return false;
  const time = (instant: number) =>
    showTime(instant, timeZone, { dateStyle: 'medium', timeStyle: 'short' });
  const about = {
    kind: slot.kind,
    daily: slot.kind === 'daily' ? 'yes' : '',
    date: slot.date,
    from: time(slot.begunAt),
    to: time(slot.decidedAt),
  };
  for (const { purpose, since, reason } of await alertsFor(db, slot)) {
    const window = windowOf(slot.kind, since);
    const notice = { purpose, window, address: admin, about: { ...about, since, reason } };
    if (await queueOperatorNotice(db, notice, now)) return true;
  }
  return false;
}

type Alert = Pick<OperatorNotice, 'purpose'> & { readonly since: Day; readonly reason: string };

/** The alerts for a decided day; the first that was not sent yet is enough. */
async function alertsFor(db: Database, { kind, date, outcome, reason }: Slot): Promise<Alert[]> {
  const words = reason ?? '';
  if (outcome === 'source-failed' || outcome === 'failed') {
    const since = await troubleSince(db, kind, date);
    return since ? [{ purpose: 'trouble', since, reason: words }] : [];
  }
  if (outcome === 'published') {
    const since = [await troubleSince(db, kind, date), await silentSince(db, kind, date)];
    return since.flatMap(day => (day ? [{ purpose: 'recovered', since: day, reason: '' }] : []));
  }
  if (outcome === 'no-readers' || outcome === 'skipped') return [];
  const since = await silentSince(db, kind, date);
  if (!since || addDays(since, longSilence) > date) return [];
  return [{ purpose: 'trouble', since, reason: `no edition since ${since}. This time: ${words}` }];
}

/** A number for a trouble, the same on all its days: when it began, and the kind of edition. */
function windowOf(kind: Slot['kind'], since: Day): number {
  return Number(since.replaceAll('-', '')) * 10 + (kind === 'weekly' ? 1 : 0);
}
