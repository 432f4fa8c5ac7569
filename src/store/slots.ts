import type { Day } from '../day.ts';
import type { EditionKind } from '../edition/edition.ts';
import type { Database } from './database.ts';
import type { SlotOutcome } from './schema.ts';

/** What a scheduled day came to, and why. */
export type Slot = {
  readonly kind: EditionKind;
  readonly date: Day;
  readonly outcome: SlotOutcome;
  readonly reason: string | null;
  readonly editionId: number | null;
  /** UTC ms. */
  readonly decidedAt: number;
};

/**
 * Keeps what a scheduled day came to; a later decision of the same day replaces it, but a day that
 * was published stays so, whatever the source says when it is asked again.
 */
export async function recordSlot(db: Database, slot: Slot): Promise<void> {
  const row = {
    outcome: slot.outcome,
    reason: slot.reason,
    edition_id: slot.editionId,
    decided_at: slot.decidedAt,
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

/** The newest slots first, at most `limit`. */
export function listSlots(db: Database, limit: number): Promise<Slot[]> {
  return db
    .selectFrom('slots')
    .select([
      'kind',
      'date',
      'outcome',
      'reason',
      'edition_id as editionId',
      'decided_at as decidedAt',
    ])
    .orderBy('decided_at', 'desc')
    .limit(limit)
    .execute();
}
