import type { Database } from './database.ts';
import type { Frequency } from './schema.ts';

/**
 * Keeps what a reader chose. Who pauses does not get what waits for them either; one transaction.
 */
export async function changeChoices(
  db: Database,
  subscriberId: number,
  { frequency, pausedUntil }: { frequency: Frequency; pausedUntil: number | null },
  now: number,
): Promise<void> {
  await db.transaction().execute(async transaction => {
    await transaction
      .updateTable('subscribers')
      .set({ frequency, paused_until: pausedUntil, changed_at: now })
      .where('id', '=', subscriberId)
      .execute();
    if (pausedUntil === null || pausedUntil <= now) return;
    await transaction
      .updateTable('deliveries')
      .set({ state: 'skipped', reply: 'paused' })
      .where('subscriber_id', '=', subscriberId)
      // Said, so that deliveries are found by their key.
      .where('edition_id', 'in', transaction.selectFrom('editions').select('id'))
      .where('state', 'in', ['queued', 'deferred'])
      .execute();
  });
}
