import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { SuppressionReason } from './schema.ts';

/**
 * Ends a subscription: suppression, status, and everything not yet in flight is skipped, in one
 * transaction. Idempotent; the first reason stays.
 * @returns false where there is no such subscriber.
 */
export function leave(
  db: Database,
  subscriberId: number,
  reason: SuppressionReason,
  now: number,
): Promise<boolean> {
  return db.transaction().execute(async transaction => {
    const suppressed = await sql<{ address_hash: string }>`
      insert into suppressions (address_hash, reason, created_at)
      select address_hash, ${reason}, ${now} from subscribers where id = ${subscriberId}
      on conflict (address_hash) do update set address_hash = excluded.address_hash
      returning address_hash`.execute(transaction);
    await transaction
      .updateTable('subscribers')
      .set({ status: 'unsubscribed', changed_at: now })
      .where('id', '=', subscriberId)
      .where('status', 'in', ['pending', 'active', 'guest'])
      .execute();
    await skipWaiting(transaction, subscriberId);
    return suppressed.rows.length > 0;
  });
}

/**
 * Deletes the row and all that hangs on it; only the keyed hash stays, as suppression.
 * @returns false where there is no such subscriber.
 */
export async function forget(db: Database, subscriberId: number, now: number): Promise<boolean> {
  if (!(await leave(db, subscriberId, 'forgotten', now))) return false;
  await db.transaction().execute(async transaction => {
    await transaction
      .deleteFrom('deliveries')
      .where('subscriber_id', '=', subscriberId)
      .where('state', '!=', 'sending')
      .execute();
    await transaction.deleteFrom('subscribers').where('id', '=', subscriberId).execute();
  });
  return true;
}

async function skipWaiting(db: Database, subscriberId: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ state: 'skipped', reply: 'left' })
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['queued', 'deferred'])
    .where('edition_id', 'in', eb =>
      eb
        .selectFrom('editions')
        .select('id')
        .where('status', 'in', ['freezing', 'sending', 'paused']),
    )
    .execute();
}

/**
 * Lifts what stands against an address, whatever the reason, and makes its reader active again
 * where there is one. A person decided that.
 * @returns how many suppressions were lifted: 0 or 1.
 */
export function unsuppress(db: Database, addressHash: string, now: number): Promise<number> {
  return db.transaction().execute(async transaction => {
    const result = await transaction
      .deleteFrom('suppressions')
      .where('address_hash', '=', addressHash)
      .executeTakeFirst();
    await transaction
      .updateTable('subscribers')
      .set({
        // Who was only ever named in --to is no reader of every edition now.
        status: sql`case when source = 'guest' then 'guest' else 'active' end`,
        changed_at: now,
      })
      .where('address_hash', '=', addressHash)
      .where('status', 'in', ['unsubscribed', 'bounced', 'complained'])
      .execute();
    return Number(result.numDeletedRows);
  });
}
