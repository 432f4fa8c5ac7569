import { sql } from 'kysely';
import type { Database } from './database.ts';

// What a scheduled edition becomes when its time has come: its audience is who is there by then.
const begin = sql`
  status = 'freezing', public = max(public, public_when_sent), frozen_to_id = 0,
  frozen_max_id = coalesce((select max(id) from subscribers), 0)`;

/**
 * Begins all scheduled editions whose time has come: one statement, so that each begins once, also
 * where several processes look, or one dies in the middle.
 * @returns their ids.
 */
export async function beginDue(db: Database, now: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update editions set ${begin} where status = 'scheduled' and send_at <= ${now}
    returning id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Whether a scheduled edition's time has come. */
export async function isAnyDue(db: Database, now: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from editions where status = 'scheduled' and send_at <= ${now} limit 1`.execute(db);
  return rows.length > 0;
}

/** Begins a scheduled edition before its time; nothing where it is not scheduled. */
export async function beginNow(db: Database, id: number, now: number): Promise<void> {
  await sql`
    update editions set ${begin}, send_at = ${now}
    where id = ${id} and status = 'scheduled'`.execute(db);
}
