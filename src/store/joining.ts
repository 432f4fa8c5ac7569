import { type Selectable, sql } from 'kysely';
import type { Database } from './database.ts';
import { dueFirst, neverTried } from './deliveries.ts';
import { hashOf, isSuppressed } from './leaving.ts';
import type { AddressColumns, Schema, SubscriberStatus, SuppressionReason } from './schema.ts';
import { findSubscriber } from './subscribers.ts';

/** Somebody asked that this address be put on the list. UTC ms. */
export type SignUp = Readonly<Selectable<Schema['signUps']>>;

/**
 * Keeps a sign-up until it is decided what it comes to. The same insert whoever it is, so that
 * neither the answer nor the time it takes tells who is on the list.
 */
export async function insertSignUp(db: Database, signUp: Omit<SignUp, 'id'>): Promise<void> {
  await db.insertInto('signUps').values(signUp).execute();
}

/** The oldest sign-ups that are not decided yet, at most `limit`. */
export function listSignUps(db: Database, limit: number): Promise<SignUp[]> {
  return db.selectFrom('signUps').selectAll().orderBy('id').limit(limit).execute();
}

/** Forgets a sign-up that was decided. @returns false where another did so before. */
export async function deleteSignUp(db: Database, id: number): Promise<boolean> {
  const result = await db.deleteFrom('signUps').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** What is known of an address when somebody signs it up. */
export type Standing = {
  readonly subscriberId: number | null;
  readonly status: SubscriberStatus | null;
  readonly suppressed: { readonly reason: SuppressionReason; readonly since: number } | null;
};

/** What is known of an address. Instants are UTC ms. */
export async function standingOf(
  db: Database,
  { addressKey, addressHash }: AddressColumns,
): Promise<Standing> {
  const subscriber = await findSubscriber(db, addressKey);
  const suppression = await db
    .selectFrom('suppressions')
    .select(['reason', 'createdAt as since'])
    .where('addressHash', '=', addressHash)
    .executeTakeFirst();
  return {
    subscriberId: subscriber?.id ?? null,
    status: subscriber?.status ?? null,
    suppressed: suppression ?? null,
  };
}

/**
 * Makes the address `pending`: it gets nothing but the mail that asks. A guest stays one, so that
 * what was sent to them by name still arrives. @returns the subscriber's id.
 */
export async function makePending(db: Database, signUp: SignUp, now: number): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into subscribers
      (address, address_key, address_hash, status, frequency, source, created_at, changed_at)
    values (${signUp.address}, ${signUp.addressKey}, ${signUp.addressHash}, 'pending',
      ${signUp.frequency}, 'web', ${now}, ${now})
    on conflict (address_key) do update set frequency = excluded.frequency, changed_at = ${now},
      status = case when status = 'guest' then status else 'pending' end
    returning id`.execute(db);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('a pending subscriber was neither made nor found');
  return id;
}

/** Puts a subscriber on the list by their own wish; lifts what that lifts, and ends a pause. */
export async function activate(db: Database, subscriberId: number, now: number): Promise<void> {
  await sql`
    delete from suppressions where reason in ('left', 'forgotten', 'bounced')
      and address_hash = ${hashOf(subscriberId)}`.execute(db);
  await sql`
    update subscribers
    set status = 'active', source = 'web', paused_until = null, changed_at = ${now}
    where id = ${subscriberId}`.execute(db);
}

const day = 24 * 3_600_000;

/** The latest edition is on its way to a reader, they have it, or there is none. */
export type Latest = 'coming' | 'had' | 'none';

/**
 * Queues the latest daily edition that was sent for one reader, before all others, so that their
 * first mail comes now; also where they missed it, having left.
 */
export async function queueLatest(
  db: Database,
  subscriberId: number,
  now: number,
): Promise<Latest> {
  const latest = await sql<{ id: number }>`
    select id from editions where kind = 'daily' and status in ('sending', 'sent')
    order by date desc limit 1`.execute(db);
  const id = latest.rows[0]?.id;
  if (id === undefined) return 'none';
  const { numAffectedRows: queued } = await sql`
    insert into deliveries (edition_id, subscriber_id, state, due_at)
    values (${id}, ${subscriberId}, 'queued', ${dueFirst})
    on conflict do update set ${neverTried}, due_at = ${dueFirst}
      where state in ('skipped', 'failed')`.execute(db);
  if (!queued) {
    const { state } = await db
      .selectFrom('deliveries')
      .select('state')
      .where(eb => eb.and({ editionId: id, subscriberId }))
      .executeTakeFirstOrThrow();
    return state === 'sent' ? 'had' : 'coming';
  }
  await sql`
    update editions set status = 'sending', finished_at = null,
      expires_at = max(expires_at, ${now + day})
    where id = ${id} and status in ('sending', 'sent')`.execute(db);
  return 'coming';
}

/**
 * Forgets sign-ups that nobody confirmed since `before`. Who had left before is as they were: not
 * on the list.
 */
export async function prunePending(db: Database, before: number): Promise<void> {
  const stale = sql`status = 'pending' and changed_at < ${before}`;
  await sql`
    update subscribers set status = 'unsubscribed'
    where ${stale} and ${isSuppressed}`.execute(db);
  await sql`delete from subscribers where ${stale}`.execute(db);
}

/** At most `count` times within `perMs` milliseconds of the first under this key. */
export type ActLimit = { readonly key: string; readonly count: number; readonly perMs: number };

/**
 * Counts one act under each of these keys, in one statement that survives a restart. What is over
 * its limit already costs no write: a flood of acts is a flood of reads.
 * @returns the keys that are over their limit by it.
 */
export async function countAct(
  db: Database,
  limits: readonly ActLimit[],
  now: number,
): Promise<ReadonlySet<string>> {
  const rows = JSON.stringify(limits.map(({ key, perMs, count }) => [key, now + perMs, count]));
  // An end that lies too far ahead is from before the clock was set back.
  const runs = sql`until > ${now} and until <= value ->> 1`;
  const over = await sql<{ key: string }>`
    select limits.key from json_each(${rows}) join limits on limits.key = cast(value ->> 0 as text)
    where ${runs} and count >= value ->> 2`.execute(db);
  if (over.rows.length > 0) return new Set(over.rows.map(({ key }) => key));
  const counted = await sql<{ key: string; count: number }>`
    insert into limits (key, count, until)
    select value ->> 0, 1, value ->> 1 from json_each(${rows}) where true
    on conflict (key) do update set
      count = case when until > ${now} and until <= excluded.until then count + 1 else 1 end,
      until = case when until > ${now} and until <= excluded.until
        then until else excluded.until end
    returning key, count`.execute(db);
  // Others may have been counted since.
  const most = new Map(limits.map(({ key, count }) => [key, count]));
  const late = counted.rows.filter(({ key, count }) => count > (most.get(key) ?? 0));
  return new Set(late.map(({ key }) => key));
}

/** Forgets what no limit looks back to. */
export async function pruneLimits(db: Database, now: number): Promise<void> {
  await db.deleteFrom('limits').where('until', '<=', now).execute();
}
