import { sql } from 'kysely';
import type { Database } from './database.ts';

/** At most `count` times within `perMs` milliseconds of the first under this key. */
export type Limit = { readonly key: string; readonly count: number; readonly perMs: number };

/**
 * Counts one act under each of these keys, in one statement that survives a restart. What is over
 * its limit already costs no write: a flood of acts is a flood of reads.
 * @returns the keys that are over their limit by it.
 */
export async function countAct(
  db: Database,
  limits: readonly Limit[],
  now: number,
): Promise<ReadonlySet<string>> {
  const rows = JSON.stringify(limits.map(({ key, perMs, count }) => [key, now + perMs, count]));
  // An end that lies too far ahead is from before the clock was set back.
  const runs = sql`until > ${now} and until <= value ->> 1`;
  const over = await sql<{ key: string }>`
    select limits.key from json_each(${rows}) join limits on limits.key = cast(value ->> 0 as text)
    where ${runs} and count >= value ->> 2`.execute(db);
  if (over.rows.length > 0) return new Set(over.rows.map(({ key }) => key));
  const counted = await sql<{ key: string; count: number }>`
    insert into limits (key, count, until)
    select value ->> 0, 1, value ->> 1 from json_each(${rows}) where true
    on conflict (key) do update set
      count = case when until > ${now} and until <= excluded.until then count + 1 else 1 end,
      until = case when until > ${now} and until <= excluded.until
        then until else excluded.until end
    returning key, count`.execute(db);
  // Others may have been counted since.
  const most = new Map(limits.map(({ key, count }) => [key, count]));
  const late = counted.rows.filter(({ key, count }) => count > (most.get(key) ?? 0));
  return new Set(late.map(({ key }) => key));
}

/** Forgets what no limit looks back to. */
export async function pruneLimits(db: Database, now: number): Promise<void> {
  await db.deleteFrom('limits').where('until', '<=', now).execute();
}
