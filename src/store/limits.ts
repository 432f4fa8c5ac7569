import { sql } from 'kysely';
import type { Database } from './database.ts';

/** At most `count` times within `perMs` milliseconds of the first under this key. */
export type Limit = { readonly key: string; readonly count: number; readonly perMs: number };

/**
 * Counts one act under each of these keys, in one statement that survives a restart.
 * @returns the keys that are over their limit by it.
 */
export async function countAct(
  db: Database,
  limits: readonly Limit[],
  now: number,
): Promise<ReadonlySet<string>> {
  const rows = limits.map(({ key, perMs }) => [key, now + perMs]);
  // An end that lies too far ahead is from before the clock was set back.
  const longest = Math.max(...limits.map(({ perMs }) => perMs));
  const counted = await sql<{ key: string; count: number }>`
    insert into limits (key, count, until)
    select value ->> 0, 1, value ->> 1 from json_each(${JSON.stringify(rows)}) where true
    on conflict (key) do update set
      count = case when until <= ${now} or until > ${now + longest} then 1 else count + 1 end,
      until = case when until <= ${now} or until > ${now + longest}
        then excluded.until else until end
    returning key, count`.execute(db);
  const allowed = new Map(limits.map(({ key, count }) => [key, count]));
  return new Set(
    counted.rows.filter(({ key, count }) => count > (allowed.get(key) ?? 0)).map(({ key }) => key),
  );
}

/** Forgets what no limit looks back to. */
export async function pruneLimits(db: Database, now: number): Promise<void> {
  await db.deleteFrom('limits').where('until', '<=', now).execute();
}
