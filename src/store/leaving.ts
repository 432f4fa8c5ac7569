import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { SuppressionReason } from './schema.ts';

/** Whether a row of `subscribers` must not be mailed: a condition, as text for compiled statements. */
export const suppressedSql = `exists
  (select 1 from suppressions where address_hash = subscribers.address_hash)`;
/** The same, as a condition in written SQL. */
export const isSuppressed = sql.raw<boolean>(suppressedSql);

/** Under which hash a subscriber's address is suppressed, as a value in SQL. */
export const hashOf = (subscriberId: number) =>
  sql`(select address_hash from subscribers where id = ${subscriberId})`;

/** What only a person lifts (`unsuppress`): it is kept also where the reader had left before. */
const final: readonly SuppressionReason[] = ['complained', 'editor'];

/** An address that is not to be mailed; it need not be a subscriber's. */
export type OptOut = {
  readonly addressKey: string;
  readonly addressHash: string;
  readonly reason: SuppressionReason;
  /** When they opted out, UTC ms: who confirmed here later stays. Null: whatever they did here. */
  readonly since: number | null;
};

/**
 * Suppresses a batch of addresses (at most some hundred, so that the statements are short) and ends
 * their subscriptions; everything not yet in flight is skipped. One transaction. Idempotent; the
 * first reason stays, unless only the later one is final.
 * @returns the keys of those who stay, because they confirmed here since.
 */
export function suppressAll(
  db: Database,
  batch: readonly OptOut[],
  now: number,
): Promise<ReadonlySet<string>> {
  return db.transaction().execute(async transaction => {
    const stay = await confirmedSince(transaction, batch);
    const gone = batch.filter(({ addressKey }) => !stay.has(addressKey));
    await suppressWithin(transaction, gone, now);
    return stay;
  });
}

/** A batch as rows of SQL, its values cast so that indexes are used. */
const given = (batch: readonly OptOut[]) => sql`(
  select cast(value ->> 'addressHash' as text) as hash, cast(value ->> 'reason' as text) as reason,
    cast(value ->> 'since' as integer) as since
  from json_each(${JSON.stringify(batch)})) as given`;

/**
 * Which of these confirmed here after they had opted out elsewhere. What changes an active reader
 * from the web is their own act, or `unsuppress`: both say that they want to be here.
 */
export async function confirmedSince(
  db: Database,
  batch: readonly OptOut[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    select address_key as key from ${given(batch)} join subscribers on address_hash = hash
    where status = 'active' and source = 'web' and changed_at > since`.execute(db);
  return new Set(rows.map(({ key }) => key));
}

async function suppressWithin(db: Database, batch: readonly OptOut[], now: number): Promise<void> {
  await sql`
    insert into suppressions (address_hash, reason, created_at)
    select hash, reason, min(coalesce(since, ${now}), ${now}) from ${given(batch)}
    where true on conflict (address_hash) do update
      set reason = excluded.reason, created_at = excluded.created_at
      where excluded.reason in (${sql.join(final)})
        and suppressions.reason not in (${sql.join(final)})`.execute(db);
  const ended = await sql<{ id: number }>`
    update subscribers set changed_at = ${now},
      status = case when reason in ('bounced', 'complained') then reason else 'unsubscribed' end
    from ${given(batch)}
    where address_hash = hash and status in ('pending', 'active', 'guest')
    returning id`.execute(db);
  const ids = ended.rows.map(({ id }) => id);
  if (ids.length > 0) await skipWaiting(db, ids, 'left');
}

/** Ends a subscription, as `suppressAll` does. @returns false where there is no such subscriber. */
export function leave(
  db: Database,
  subscriberId: number,
  reason: SuppressionReason,
  now: number,
): Promise<boolean> {
  return db
    .transaction()
    .execute(transaction => leaveWithin(transaction, subscriberId, reason, now));
}

async function leaveWithin(
  db: Database,
  subscriberId: number,
  reason: SuppressionReason,
  now: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('subscribers')
    .select(['addressKey', 'addressHash'])
    .where('id', '=', subscriberId)
    .executeTakeFirst();
  if (row) await suppressWithin(db, [{ ...row, reason, since: null }], now);
  return row !== undefined;
}

/**
 * Deletes the row and all that hangs on it, in one transaction; only the keyed hash stays, as
 * suppression. Of a mail in flight a delivery stays with nobody's number, and no word about them.
 * @returns false where there is no such subscriber.
 */
export function forget(db: Database, subscriberId: number, now: number): Promise<boolean> {
  return db.transaction().execute(async transaction => {
    if (!(await leaveWithin(transaction, subscriberId, 'forgotten', now))) return false;
    // By their key, edition by edition: there are millions of deliveries.
    const allEditions = sql`(select id from editions)`;
    await sql`
      delete from deliveries
      where subscriber_id = ${subscriberId} and edition_id in ${allEditions}
        and state <> 'sending'`.execute(transaction);
    await sql`
      update deliveries set reply = null
      where subscriber_id = ${subscriberId} and edition_id in ${allEditions}`.execute(transaction);
    for (const table of ['notices', 'addressChanges'] as const) {
      await transaction.deleteFrom(table).where('subscriberId', '=', subscriberId).execute();
    }
    // Also what others wished with this address.
    for (const table of ['signUps', 'addressChanges'] as const) {
      await sql`
        delete from ${sql.table(table)} where address_key =
          (select address_key from subscribers where id = ${subscriberId})`.execute(transaction);
    }
    await transaction.deleteFrom('subscribers').where('id', '=', subscriberId).execute();
    return true;
  });
}

/** Skips what waits for these readers; what is in flight stays. */
export async function skipWaiting(
  db: Database,
  subscriberIds: readonly number[],
  reason: 'left' | 'paused',
): Promise<void> {
  await sql`
    update deliveries set state = 'skipped', reply = ${reason}
    where subscriber_id in (select value from json_each(${JSON.stringify(subscriberIds)}))
      and state in ('queued', 'deferred') and edition_id in ${unfinished}`.execute(db);
}

/** Said with subscribers' numbers, so that their deliveries are found by the key. */
const unfinished = sql`
  (select id from editions where status in ('freezing', 'sending', 'paused'))`;

/**
 * The reader's own way back, right after leaving: lifts `left` where that was later than `since`,
 * and what was skipped for it is due again. @returns false where there is nothing to undo.
 */
export function undoLeaving(
  db: Database,
  subscriberId: number,
  since: number,
  now: number,
): Promise<boolean> {
  return db.transaction().execute(async transaction => {
    const { numAffectedRows: lifted } = await sql`
      delete from suppressions where reason = 'left' and created_at > ${since}
        and address_hash = ${hashOf(subscriberId)}`.execute(transaction);
    if (!lifted) return false;
    await sql`
      update subscribers set status = ${asBefore}, changed_at = ${now}
      where id = ${subscriberId}`.execute(transaction);
    await sql`
      update deliveries set state = 'queued', reply = null, due_at = 0
      where subscriber_id = ${subscriberId} and state = 'skipped' and reply = 'left'
        and edition_id in ${unfinished}`.execute(transaction);
    return true;
  });
}

/** Who was only ever named in `--to` is no reader of every edition when they come back. */
const asBefore = sql`case when source = 'guest' then 'guest' else 'active' end`;

/** Keeps what a reader said on leaving, and not who it was. */
export async function keepReason(db: Database, reason: string, now: number): Promise<void> {
  await db.insertInto('leavingReasons').values({ reason, givenAt: now }).execute();
}

/**
 * Lifts what stands against an address, whatever the reason, and makes its reader active again
 * where there is one. A person decided that.
 * @returns how many suppressions were lifted: 0 or 1.
 */
export function unsuppress(db: Database, addressHash: string, now: number): Promise<number> {
  return db.transaction().execute(async transaction => {
    const { numAffectedRows: lifted = 0n } = await sql`
      delete from suppressions where address_hash = ${addressHash}`.execute(transaction);
    await sql`
      update subscribers set status = ${asBefore}, changed_at = ${now}
      where address_hash = ${addressHash}
        and status in ('unsubscribed', 'bounced', 'complained')`.execute(transaction);
    return Number(lifted);
  });
}

/** Those of these hashes that are suppressed, and why. */
export async function suppressedAmong(
  db: Database,
  addressHashes: readonly string[],
): Promise<ReadonlyMap<string, SuppressionReason>> {
  const rows = await db
    .selectFrom('suppressions')
    .select(['addressHash', 'reason'])
    .where('addressHash', 'in', addressHashes)
    .execute();
  return new Map(rows.map(row => [row.addressHash, row.reason]));
}
