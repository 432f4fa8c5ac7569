import { type Selectable, sql } from 'kysely';
import type { Database } from './database.ts';
import type { DeliveryState, Schema } from './schema.ts';

/** How many deliveries of an edition are in each state. */
export type DeliveryCounts = Readonly<Record<DeliveryState, number>>;

/** How many are not done: their readers may still get it. */
export function openOf({ queued, sending, deferred }: DeliveryCounts): number {
  return queued + sending + deferred;
}

/** One reader who does not have the edition, and why. */
export type MissingDelivery = Pick<
  Selectable<Schema['deliveries']>,
  'subscriberId' | 'state' | 'code' | 'reply' | 'dueAt' | 'attempts'
> & { readonly address: string | null };

/** Counts by state; of all, or only of these subscribers. */
export async function countDeliveries(
  db: Database,
  editionId: number,
  only?: readonly number[],
): Promise<DeliveryCounts> {
  let query = db
    .selectFrom('deliveries')
    .select(['state', eb => eb.fn.countAll<number>().as('count')])
    .where('editionId', '=', editionId);
  if (only) query = query.where('subscriberId', 'in', only);
  const rows = await query.groupBy('state').execute();
  const none = { queued: 0, sending: 0, sent: 0, deferred: 0, failed: 0, skipped: 0 };
  return { ...none, ...Object.fromEntries(rows.map(row => [row.state, row.count])) };
}

/** How many deliveries of an edition are due by `now`; counts no further than `most`. */
export async function countDue(
  db: Database,
  editionId: number,
  now: number,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select 1 from deliveries
      where edition_id = ${editionId} and state in ('queued', 'deferred') and due_at <= ${now}
      limit ${most})`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The most common replies among those without the edition, most common first. */
export async function commonReplies(
  db: Database,
  editionId: number,
  limit: number,
): Promise<{ code: number | null; reply: string | null; count: number }[]> {
  const { rows } = await sql<{ code: number | null; reply: string | null; count: number }>`
    select code, reply, count(*) as count from deliveries
    where edition_id = ${editionId} and state in ('deferred', 'failed')
    group by code, reply order by count desc limit ${limit}`.execute(db);
  return rows;
}

/** Who does not have the edition, and why; by subscriber, at most `limit`. */
export async function missingDeliveries(
  db: Database,
  editionId: number,
  limit: number,
): Promise<MissingDelivery[]> {
  const { rows } = await sql<MissingDelivery>`
    select subscriber_id, address, state, code, reply, due_at, attempts
    from deliveries left join subscribers on subscribers.id = subscriber_id
    where edition_id = ${editionId} and state <> 'sent'
    order by subscriber_id limit ${limit}`.execute(db);
  return rows;
}

/** How many were sent since `since` (UTC ms): for the rate at which an edition goes out. */
export async function countSentSince(
  db: Database,
  editionId: number,
  since: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from deliveries
    where edition_id = ${editionId} and sent_at >= ${since}`.execute(db);
  return rows[0]?.count ?? 0;
}
