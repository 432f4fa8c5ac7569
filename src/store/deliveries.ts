import { CompiledQuery, type Selectable, sql } from 'kysely';
import type { Database } from './database.ts';
import { suppressedSql } from './leaving.ts';
import type { DeliveryState, Schema } from './schema.ts';
import type { Subscriber } from './subscribers.ts';

type DeliveryRow = Readonly<Selectable<Schema['deliveries']>>;

/** A message that a worker holds: to whom, and what came of it so far. */
export type Claim = Pick<DeliveryRow, 'attempts' | 'lost'> &
  Pick<Subscriber, 'address'> & {
    /** False where the reader left since it was queued. */
    readonly mailable: boolean;
  };

/** A delivery that a worker holds, with what it takes to fill the wire template. */
export type DeliveryClaim = Claim &
  Pick<DeliveryRow, 'editionId' | 'subscriberId'> &
  Pick<Subscriber, 'tokenCounter'>;

/** What came of a claim: its row's new state. Instants are UTC ms. */
export type Outcome<Held = DeliveryClaim> = Pick<DeliveryRow, 'dueAt' | 'sentAt'> &
  LastReply & {
    readonly claim: Held;
    readonly state: Exclude<DeliveryState, 'sending'>;
    /** 1 where a message was tried, 0 where the claim is only given back. */
    readonly tried: 0 | 1;
    /** 1 where the connection was lost after the final dot. */
    readonly lost: 0 | 1;
  };

/** The server's last word on a delivery: SMTP code, enhanced code (RFC 3463), text. */
type LastReply = Pick<DeliveryRow, 'code' | 'enhanced' | 'reply'>;

/** The `due_at` of who does not wait behind an edition's audience, which is due at 0. None is below. */
export const dueFirst = -1;

// The two statements of the hot path: written out, so that no query is built per batch.
const claimSql = `
  update deliveries set state = 'sending', claimed_by = ?1
  where edition_id = ?2 and subscriber_id in (
    select subscriber_id from deliveries
    where edition_id = ?2 and state in ('queued', 'deferred') and due_at <= ?3
      and (?5 is null or subscriber_id in (select value from json_each(?5)))
      and (select status from editions where id = ?2) = 'sending'
    order by due_at, subscriber_id limit ?4)
  returning subscriber_id, attempts, lost,
    (select json_array(address, token_counter, status in ('active', 'guest')
        and not ${suppressedSql})
      from subscribers where id = subscriber_id) as reader`;

// The casts let SQLite use the primary key: a value out of JSON has no type of its own.
const recordSql = `
  update deliveries set
    state = o.value ->> 2, due_at = o.value ->> 3, attempts = attempts + (o.value ->> 4),
    lost = lost + (o.value ->> 5), claimed_by = null, code = o.value ->> 6,
    enhanced = o.value ->> 7, sent_at = o.value ->> 9, reply = case when
      exists (select 1 from subscribers where id = deliveries.subscriber_id) then o.value ->> 8 end
  from json_each(?1) as o
  where edition_id = cast(o.value ->> 0 as integer)
    and subscriber_id = cast(o.value ->> 1 as integer)
    and deliveries.state = 'sending' and claimed_by = ?2`;

type ClaimedRow = { subscriberId: number; attempts: number; lost: number; reader: string | null };

/** What a worker asks for; `only`: nobody but these subscribers. */
export type ClaimRequest = {
  readonly editionId: number;
  readonly workerId: string;
  readonly limit: number;
  readonly now: number;
  readonly only?: readonly number[] | undefined;
};

/**
 * Claims up to `limit` deliveries that are due, oldest first, for `workerId`; none once the edition
 * is paused or cancelled. One statement, so no two workers get the same. Suppression and status
 * are looked at here again.
 */
export async function claimDeliveries(
  db: Database,
  { editionId, workerId, limit, now, only }: ClaimRequest,
): Promise<DeliveryClaim[]> {
  const named = only ? JSON.stringify(only) : null;
  const { rows } = await db.executeQuery<ClaimedRow>(
    CompiledQuery.raw(claimSql, [workerId, editionId, now, limit, named]),
  );
  return rows.map(({ subscriberId, attempts, lost, reader }) => {
    const [address, tokenCounter, mailable]: [string, number, 0 | 1] = JSON.parse(
      reader ?? '["", 0, 0]',
    );
    const mine = { editionId, subscriberId, attempts, lost };
    return { ...mine, address, tokenCounter, mailable: mailable === 1 };
  });
}

/**
 * Records outcomes, all in one statement; only of deliveries that `workerId` still holds. What a
 * server said is not kept of who was forgotten meanwhile: it may name them.
 * @returns how many were recorded.
 */
export async function recordOutcomes(
  db: Database,
  workerId: string,
  outcomes: readonly Outcome<Pick<DeliveryClaim, 'editionId' | 'subscriberId'>>[],
): Promise<number> {
  const rows = outcomes.map(o => [
    o.claim.editionId,
    o.claim.subscriberId,
    o.state,
    o.dueAt,
    o.tried,
    o.lost,
    o.code,
    o.enhanced,
    o.reply,
    o.sentAt,
  ]);
  const { numAffectedRows = 0n } = await db.executeQuery(
    CompiledQuery.raw(recordSql, [JSON.stringify(rows), workerId]),
  );
  return Number(numAffectedRows);
}

const asBeforeClaim = sql`
  state = case when attempts = 0 then 'queued' else 'deferred' end, claimed_by = null`;

/**
 * Gives back all that `workerId` holds, of one edition where it is named, as it was before the
 * claim. For when no lane of the worker is left that will record it.
 */
export async function releaseClaims(
  db: Database,
  workerId: string,
  editionId: number | null = null,
): Promise<void> {
  await sql`
    update deliveries set ${asBeforeClaim}
    where state = 'sending' and claimed_by = ${workerId}
      and (${editionId} is null or edition_id = ${editionId})`.execute(db);
}

/** Takes back what workers hold whose lease has ended, or who are gone. @returns how many. */
export async function takeOverClaims(db: Database, now: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update deliveries set ${asBeforeClaim}
    where state = 'sending' and not ${isHeld(now)}`.execute(db);
  return Number(numAffectedRows);
}

/** Whether the worker lives that claimed a row, of a delivery or a notice, as a condition. */
export const isHeld = (now: number) => sql`
  exists (select 1 from workers where workers.id = claimed_by and lease_until > ${now})`;

/** Makes all that was deferred due now: a person asked for another try. */
export async function makeDue(db: Database, editionId: number, now: number): Promise<void> {
  await sql`
    update deliveries set due_at = ${now}
    where edition_id = ${editionId} and state = 'deferred' and due_at > ${now}`.execute(db);
}

/** Who waits though a server refused them for good, and how it did. */
export type RefusedBefore = Pick<DeliveryRow, 'subscriberId' | 'code' | 'enhanced'> & {
  readonly address: string;
  readonly reply: string;
};

/** All of an edition who were refused for good and wait, because it was not for them. */
export async function refusedBefore(
  db: Database,
  editionId: number,
): Promise<readonly RefusedBefore[]> {
  const { rows } = await sql<RefusedBefore>`
    select subscriber_id, address, code, enhanced, reply from deliveries
    join subscribers on subscribers.id = subscriber_id
    where edition_id = ${editionId} and state in ('queued', 'deferred') and due_at > 0
      and attempts > 0 and code >= 500 and reply is not null`.execute(db);
  return rows;
}

/** Queues these deliveries as if they had never been tried; what is in flight stays. */
export async function requeue(
  db: Database,
  editionId: number,
  subscriberIds: readonly number[],
): Promise<void> {
  await sql`
    update deliveries set ${neverTried}, due_at = 0
    where edition_id = ${editionId} and subscriber_id in (${sql.join(subscriberIds)})
      and state <> 'sending'`.execute(db);
}

/** What a row says that waits for its first try; to be set together with `due_at`. */
export const neverTried = sql`
  state = 'queued', attempts = 0, lost = 0, code = null, enhanced = null, reply = null,
  sent_at = null`;

/** Skips all that was not sent yet: the edition was cancelled. */
export async function skipRemaining(
  db: Database,
  editionId: number,
  reason: string,
): Promise<void> {
  await sql`
    update deliveries set state = 'skipped', reply = ${reason}
    where edition_id = ${editionId} and state in ('queued', 'deferred')`.execute(db);
}

/** Who is here still and whose delivery failed, but with none of `codes`, which blame their address. */
const missed = (editionId: number, codes: readonly string[]) => sql`
  edition_id = ${editionId} and state = 'failed'
  and coalesce(enhanced, '') not in (${sql.join(codes)})
  and subscriber_id in (select id from subscribers where status in ('active', 'guest'))`;

/** How many missed an edition, whose address was not blamed by one of the codes `badAddress`. */
export async function countMissed(
  db: Database,
  editionId: number,
  badAddress: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from deliveries where ${missed(editionId, badAddress)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/**
 * Queues those again that `countMissed` counts. The edition goes on, until `expiresAt` (UTC ms), where
 * it was over. One transaction. @returns how many.
 */
export function requeueMissed(
  db: Database,
  editionId: number,
  badAddress: readonly string[],
  expiresAt: number,
): Promise<number> {
  return db.transaction().execute(async transaction => {
    const { numAffectedRows: requeued = 0n } = await sql`
      update deliveries set ${neverTried}, due_at = 0
      where ${missed(editionId, badAddress)}
        and (select status from editions where id = ${editionId})
          in ('sending', 'sent', 'expired')`.execute(transaction);
    if (requeued > 0n) {
      await sql`
        update editions set status = 'sending', reason = null, finished_at = null,
          expires_at = max(expires_at, ${expiresAt})
        where id = ${editionId}`.execute(transaction);
    }
    return Number(requeued);
  });
}

/** Makes or renews a worker's lease: until `leaseUntil` (UTC ms) nobody takes over its claims. */
export async function renewLease(
  db: Database,
  workerId: string,
  now: number,
  leaseUntil: number,
): Promise<void> {
  await sql`
    insert into workers (id, started_at, lease_until) values (${workerId}, ${now}, ${leaseUntil})
    on conflict (id) do update set lease_until = excluded.lease_until`.execute(db);
}

/** Forgets a worker that ended in order, and those long gone. */
export async function removeWorker(db: Database, workerId: string, goneBefore: number) {
  await sql`delete from workers where id = ${workerId} or lease_until < ${goneBefore}`.execute(db);
}

/** When the `count`-th latest permit was for (UTC ms); null where there are fewer. */
export async function nthLatestPermit(db: Database, count: number): Promise<number | null> {
  const { rows } = await sql<{ at: number }>`
    select at from permits order by at desc limit 1 offset ${count - 1}`.execute(db);
  return rows[0]?.at ?? null;
}

/** Takes a permit for the instant `at`. */
export async function insertPermit(db: Database, at: number): Promise<void> {
  await sql`insert into permits (at) values (${at})`.execute(db);
}

/** Gives one permit for the instant `at` back. */
export async function deletePermit(db: Database, at: number): Promise<void> {
  await sql`
    delete from permits
    where rowid = (select rowid from permits where at = ${at} limit 1)`.execute(db);
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
