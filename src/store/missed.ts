import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Queues again who missed an edition: their delivery failed, and it was not their address that the
 * server blamed (RFC 3463: X.1.1–X.1.3, X.1.6, X.1.10, X.2.1). The edition goes on, until
 * `expiresAt` (UTC ms), where it was over. Who left stays out. One transaction.
 * @returns how many.
 */
export function requeueMissed(db: Database, editionId: number, expiresAt: number): Promise<number> {
  return db.transaction().execute(async transaction => {
    const { rows } = await sql<{ id: number }>`
      update deliveries set state = 'queued', due_at = 0, attempts = 0, lost = 0
      where edition_id = ${editionId} and state = 'failed'
        and coalesce(enhanced, '') not in
          ('5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1')
        and (select status from editions where id = ${editionId})
          in ('sending', 'sent', 'expired')
        and subscriber_id in (select id from subscribers where status in ('active', 'guest'))
      returning subscriber_id as id`.execute(transaction);
    if (rows.length > 0) {
      await sql`
        update editions set status = 'sending', reason = null, finished_at = null,
          expires_at = max(expires_at, ${expiresAt})
        where id = ${editionId}`.execute(transaction);
    }
    return rows.length;
  });
}
