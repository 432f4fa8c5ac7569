import type { EditionKind } from '../edition/edition.ts';
import type { Database } from './database.ts';

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
