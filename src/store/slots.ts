import { sql } from 'kysely';
import type { EditionKind } from '../edition/edition.ts';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';
import type { Schema, SlotOutcome } from './schema.ts';

/** What a scheduled day came to, and why. Instants are UTC ms. */
export type Slot = Readonly<Schema['slots']>;

/**
 * Keeps what a scheduled day came to; a later decision of the same day replaces it, but a day that
 * was published stays so, whatever the source says when it is asked again.
 */
export async function recordSlot(db: Database, slot: Slot): Promise<void> {
  await db
    .insertInto('slots')
    .values(slot)
    .onConflict(conflict =>
      conflict
        .columns(['kind', 'date'])
        .doUpdateSet(slot)
        .where(sql<boolean>`slots.outcome <> 'published' or excluded.outcome = 'published'`),
    )
    .execute();
}

/** What the day of that kind came to so far, if anything. */
export async function findSlot(
  db: Database,
  kind: EditionKind,
  date: Day,
): Promise<Slot | undefined> {
  const [slot] = await slotsSince(db, kind, date, date);
  return slot;
}

/** What the days of that kind from `from` to `to` came to, oldest first. */
export function slotsSince(
  db: Database,
  kind: EditionKind,
  from: Day,
  to: Day = '9999-12-31',
): Promise<Slot[]> {
  return db
    .selectFrom('slots')
    .selectAll()
    .where('kind', '=', kind)
    .where('date', '>=', from)
    .where('date', '<=', to)
    .orderBy('date')
    .execute();
}

/** The newest slots first, at most `limit`. */
export function listSlots(db: Database, limit: number): Promise<Slot[]> {
  return db
    .selectFrom('slots')
    .selectAll()
    .orderBy('decidedAt', 'desc')
    .orderBy('date', 'desc')
    .limit(limit)
    .execute();
}

/** What a person is needed for. */
const trouble = ['source-failed', 'failed'] as const;

/** What leaves a day without an edition that readers would have got. */
const silence = [...trouble, 'source-empty', 'nothing-new', 'skipped'] as const;

/**
 * The first of the days up to `date` that ended in trouble since the last one before `date` that was
 * published; null where there is none. What a person is needed for is trouble.
 */
export function troubleSince(db: Database, kind: EditionKind, date: Day): Promise<Day | null> {
  return firstSince(db, kind, date, trouble);
}

/** The same of days that ended without an edition, for whatever reason. */
export function silentSince(db: Database, kind: EditionKind, date: Day): Promise<Day | null> {
  return firstSince(db, kind, date, silence);
}

async function firstSince(
  db: Database,
  kind: EditionKind,
  date: Day,
  outcomes: readonly SlotOutcome[],
): Promise<Day | null> {
  const { rows } = await sql<{ first: Day | null }>`
    select min(date) as first from slots
    where kind = ${kind} and date <= ${date} and again_at is null
      and outcome in (${sql.join(outcomes)})
      and not exists (select 1 from slots as good
        where good.kind = ${kind} and good.outcome = 'published' and good.date < ${date}
          and good.date > slots.date)`.execute(db);
  return rows[0]?.first ?? null;
}

/**
 * Since when (UTC ms) the schedule of that kind is this one, in these words: since `now` where it is
 * new. Never later than `now`: the clock was wrong then.
 */
export async function scheduleSince(
  db: Database,
  kind: EditionKind,
  schedule: string,
  now: number,
): Promise<number> {
  const kept = await db
    .selectFrom('schedules')
    .select(['schedule', 'since'])
    .where('kind', '=', kind)
    .executeTakeFirst();
  if (kept && kept.schedule === schedule && kept.since <= now) return kept.since;
  await db.replaceInto('schedules').values({ kind, schedule, since: now }).execute();
  return now;
}
