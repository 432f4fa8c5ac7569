import type { Database } from './database.ts';

/** Makes or renews a worker's lease: until `leaseUntil` (UTC ms) nobody takes over its claims. */
export async function renewLease(
  db: Database,
  workerId: string,
  now: number,
  leaseUntil: number,
): Promise<void> {
  await db
    .insertInto('workers')
    .values({ id: workerId, started_at: now, lease_until: leaseUntil })
    .onConflict(conflict => conflict.column('id').doUpdateSet({ lease_until: leaseUntil }))
    .execute();
}

/** Forgets a worker that ended in order, and those long gone. */
export async function removeWorker(db: Database, workerId: string, goneBefore: number) {
  await db
    .deleteFrom('workers')
    .where(eb => eb.or([eb('id', '=', workerId), eb('lease_until', '<', goneBefore)]))
    .execute();
}
