import type { EditionKind } from '../edition/edition.ts';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';
import type { SlotOutcome } from './schema.ts';

/** What a scheduled day came to, and why. Instants are UTC ms. */
export type Slot = {
  readonly kind: EditionKind;
  readonly date: Day;
  readonly outcome: SlotOutcome;
  readonly reason: string | null;
  readonly editionId: number | null;
  /** The scheduled instant. */
  readonly dueAt: number;
  /** When it was first looked at. */
  readonly begunAt: number;
  /** When it was looked at last. */
  readonly decidedAt: number;
  /** When it is looked at again; null where it is decided for good. */
  readonly againAt: number | null;
};

const columns = [
  'kind',
  'date',
  'outcome',
  'reason',
  'editionId',
  'dueAt',
  'begunAt',
  'decidedAt',
  'againAt',
] as const;

/**
 * Keeps what a scheduled day came to; a later decision of the same day replaces it, but a day that
 * was published stays so, whatever the source says when it is asked again.
 */
export async function recordSlot(db: Database, slot: Slot): Promise<void> {
  const row = {
    outcome: slot.outcome,
    reason: slot.reason,
    editionId: slot.editionId,
    dueAt: slot.dueAt,
    begunAt: slot.begunAt,
    decidedAt: slot.decidedAt,
    againAt: slot.againAt,
  };
  await db
    .insertInto('slots')
    .values({ kind: slot.kind, date: slot.date, ...row })
    .onConflict(conflict =>
      conflict
        .columns(['kind', 'date'])
        .doUpdateSet(row)
        .where(({ eb, or }) =>
          or([
            eb('slots.outcome', '!=', 'published'),
            eb.val(slot.outcome === 'published' ? 1 : 0),
          ]),
        ),
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
    .select(columns)
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
    .select(columns)
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
  const row = await db
    .selectFrom('slots')
    .select(eb => eb.fn.min<Day | null>('date').as('first'))
    .where('kind', '=', kind)
    .where('date', '<=', date)
    .where('outcome', 'in', outcomes)
    .where('againAt', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('slots as good')
            .select('good.date')
            .where('good.kind', '=', kind)
            .where('good.outcome', '=', 'published')
            .where('good.date', '<', date)
            .whereRef('good.date', '>', 'slots.date'),
        ),
      ),
    )
    .executeTakeFirst();
  return row?.first ?? null;
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
  await db
    .insertInto('schedules')
    .values({ kind, schedule, since: now })
    .onConflict(conflict => conflict.column('kind').doUpdateSet({ schedule, since: now }))
    .execute();
  return now;
}
