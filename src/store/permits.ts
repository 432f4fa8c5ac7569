import { sql } from 'kysely';
import type { Database } from './database.ts';

/** When the `count`-th latest permit was for (UTC ms); null where there are fewer. */
export async function nthLatestPermit(db: Database, count: number): Promise<number | null> {
  const { rows } = await sql<{ at: number }>`
    select at from permits order by at desc limit 1 offset ${count - 1}`.execute(db);
  return rows[0]?.at ?? null;
}

/** Takes a permit for the instant `at`. */
export async function insertPermit(db: Database, at: number): Promise<void> {
  await db.insertInto('permits').values({ at }).execute();
}

/** Gives one permit for the instant `at` back. */
export async function deletePermit(db: Database, at: number): Promise<void> {
  await sql`
    delete from permits where rowid = (select rowid from permits where at = ${at} limit 1)`.execute(
    db,
  );
}

/** Counts permits later than `latest` as of `now`: the clock was set back since. */
export async function pullBackPermits(db: Database, latest: number, now: number): Promise<void> {
  await db.updateTable('permits').set({ at: now }).where('at', '>', latest).execute();
}

/** Forgets permits that no window looks back to. */
export async function prunePermits(db: Database, before: number): Promise<void> {
  await db.deleteFrom('permits').where('at', '<', before).execute();
}

/** How many messages were begun since `since`. */
export async function countPermits(db: Database, since: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from permits where at >= ${since}`.execute(db);
  return rows[0]?.count ?? 0;
}
