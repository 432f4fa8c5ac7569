import { sql } from 'kysely';
import type { Database } from './database.ts';
import { dueFirst } from './deliveries.ts';

/**
 * Gives up the editions that nobody wants any more: their time is over and some still wait. Those
 * deliveries fail without blame; what is in flight is left to its lane.
 * @returns the editions' ids.
 */
export function expireEditions(db: Database, now: number): Promise<number[]> {
  return db.transaction().execute(async transaction => {
    const { rows } = await sql<{ id: number }>`
      update editions set status = 'expired', reason = 'expired', paused_by = null,
        finished_at = ${now}
      where status in ('freezing', 'sending', 'paused') and expires_at <= ${now}
        and not exists (select 1 from deliveries
          where edition_id = editions.id and state = 'sending')
        and exists (select 1 from deliveries
          where edition_id = editions.id and state in ('queued', 'deferred') and due_at >= ${dueFirst})
      returning id`.execute(transaction);
    for (const { id } of rows) {
      await sql`
        update deliveries set state = 'failed',
          reply = 'expired' || case when reply is null then '' else '; last: ' || reply end
        where edition_id = ${id} and state in ('queued', 'deferred')`.execute(transaction);
    }
    return rows.map(({ id }) => id);
  });
}
