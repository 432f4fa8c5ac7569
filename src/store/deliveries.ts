import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { DeliveryState } from './schema.ts';

/** A delivery that a worker holds, with what it takes to fill the wire template. */
export type Claim = {
  readonly editionId: number;
  readonly subscriberId: number;
  readonly attempts: number;
  readonly lost: number;
  readonly address: string;
  readonly tokenCounter: number;
  /** False where the reader left after the audience was frozen. */
  readonly mailable: boolean;
};

/** What came of one delivery: the row's new state. Instants are UTC ms. */
export type Outcome = {
  readonly editionId: number;
  readonly subscriberId: number;
  readonly state: Exclude<DeliveryState, 'sending'>;
  readonly dueAt: number;
  /** 1 where a message was tried, 0 where the claim is only given back. */
  readonly tried: 0 | 1;
  /** 1 where the connection was lost after the final dot. */
  readonly lost: 0 | 1;
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly reply: string | null;
  readonly sentAt: number | null;
};

/**
 * Claims up to `limit` deliveries that are due, oldest first, for `workerId`. One statement, so
 * no two workers get the same. Suppression and status are looked at here again.
 */
export async function claimDeliveries(
  db: Database,
  claim: { editionId: number; workerId: string; limit: number; now: number },
): Promise<Claim[]> {
  const claimed = await sql<{ subscriberId: number; attempts: number; lost: number }>`
    update deliveries set state = 'sending', claimed_by = ${claim.workerId}
    where edition_id = ${claim.editionId} and subscriber_id in (
      select subscriber_id from deliveries
      where edition_id = ${claim.editionId} and state in ('queued', 'deferred')
        and due_at <= ${claim.now}
      order by due_at, subscriber_id limit ${claim.limit})
    returning subscriber_id as subscriberId, attempts, lost`.execute(db);
  if (claimed.rows.length === 0) return [];
  const readers = await sql<
    Omit<Claim, 'editionId' | 'attempts' | 'lost' | 'mailable'> & { ok: 0 | 1 }
  >`
    select id as subscriberId, address, token_counter as tokenCounter,
      status in ('active', 'guest') and not exists
        (select 1 from suppressions where address_hash = subscribers.address_hash) as ok
    from subscribers where id in (
      select cast(value as integer)
      from json_each(${JSON.stringify(claimed.rows.map(row => row.subscriberId))}))`.execute(db);
  const byId = new Map(readers.rows.map(row => [row.subscriberId, row]));
  return claimed.rows.map(row => {
    const reader = byId.get(row.subscriberId);
    return {
      ...row,
      editionId: claim.editionId,
      address: reader?.address ?? '',
      tokenCounter: reader?.tokenCounter ?? 0,
      mailable: reader?.ok === 1,
    };
  });
}

/**
 * Records outcomes, all in one statement; only of deliveries that `workerId` still holds.
 * @returns how many were recorded.
 */
export async function recordOutcomes(
  db: Database,
  workerId: string,
  outcomes: readonly Outcome[],
): Promise<number> {
  // The casts let SQLite use the primary key: a value out of JSON has no type of its own.
  const result = await sql`
    update deliveries set
      state = o.value ->> 'state',
      due_at = o.value ->> 'dueAt',
      attempts = deliveries.attempts + (o.value ->> 'tried'),
      lost = deliveries.lost + (o.value ->> 'lost'),
      claimed_by = null,
      code = o.value ->> 'code',
      enhanced = o.value ->> 'enhanced',
      reply = o.value ->> 'reply',
      sent_at = o.value ->> 'sentAt'
    from json_each(${JSON.stringify(outcomes)}) as o
    where deliveries.edition_id = cast(o.value ->> 'editionId' as integer)
      and deliveries.subscriber_id = cast(o.value ->> 'subscriberId' as integer)
      and deliveries.state = 'sending' and deliveries.claimed_by = ${workerId}`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Gives back all that `workerId` holds, as it was before the claim. For an orderly end. */
export async function releaseClaims(db: Database, workerId: string): Promise<void> {
  await sql`
    update deliveries
    set state = case when attempts = 0 then 'queued' else 'deferred' end, claimed_by = null
    where state = 'sending' and claimed_by = ${workerId}`.execute(db);
}

/** Takes back what workers hold whose lease has ended, or who are gone. @returns how many. */
export async function takeOverClaims(db: Database, now: number): Promise<number> {
  const result = await sql`
    update deliveries
    set state = case when attempts = 0 then 'queued' else 'deferred' end, claimed_by = null
    where state = 'sending' and not exists
      (select 1 from workers where id = deliveries.claimed_by and lease_until > ${now})`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0n);
}

/** Makes all that was deferred due now: a person asked for another try. */
export async function makeDue(db: Database, editionId: number, now: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ due_at: now })
    .where('edition_id', '=', editionId)
    .where('state', '=', 'deferred')
    .where('due_at', '>', now)
    .execute();
}

/** Skips all that was not sent yet: the edition was cancelled. */
export async function skipRemaining(
  db: Database,
  editionId: number,
  reason: string,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ state: 'skipped', reply: reason })
    .where('edition_id', '=', editionId)
    .where('state', 'in', ['queued', 'deferred'])
    .execute();
}
