import { type Selectable, sql } from 'kysely';
import type { Database } from './database.ts';
import type { AddressColumns, Schema, SubscriberStatus, SuppressionReason } from './schema.ts';
import { like } from './sqlite.ts';

const columns = [
  'id',
  'address',
  'name',
  'status',
  'frequency',
  'source',
  'tokenCounter',
  'pausedUntil',
  'createdAt',
  'changedAt',
] as const;

type SubscriberColumns = Readonly<Selectable<Schema['subscribers']>>;

/** A subscriber as the rest of the program sees one. Instants are UTC ms. */
export type Subscriber = Pick<SubscriberColumns, (typeof columns)[number]>;

/** An address to be put on the list; checked, normalised and hashed. */
export type NewSubscriber = AddressColumns & Pick<SubscriberColumns, 'name' | 'frequency'>;

/**
 * Puts a batch (at most some hundred rows, so that the statement is short) on the list as
 * `active`. Additive: nobody who is suppressed or has left is revived, nobody's choices change.
 * @returns the keys of those who were added, and of those who are suppressed, with the reason.
 */
export async function addSubscribers(
  db: Database,
  batch: readonly NewSubscriber[],
  source: string,
  now: number,
): Promise<{ added: Set<string>; suppressed: ReadonlyMap<string, SuppressionReason> }> {
  const added = await sql<{ key: string }>`${inserted(batch, 'active', source, now)}
    set status = 'active', frequency = excluded.frequency, source = excluded.source,
      changed_at = excluded.changed_at
    where subscribers.status in ('guest', 'pending')
    returning address_key as key`.execute(db);
  const refused = await sql<{ key: string; reason: SuppressionReason }>`
    select value ->> 'addressKey' as key, reason from json_each(${JSON.stringify(batch)})
    join suppressions on address_hash = cast(value ->> 'addressHash' as text)`.execute(db);
  return {
    added: new Set(added.rows.map(({ key }) => key)),
    suppressed: new Map(refused.rows.map(({ key, reason }) => [key, reason])),
  };
}

const isSuppressedRow = sql`
  exists (select 1 from suppressions where address_hash = cast(value ->> 'addressHash' as text))`;

/** The insert of those that are not suppressed, up to what is done where one is there already. */
function inserted(
  batch: readonly NewSubscriber[],
  status: SubscriberStatus,
  source: string,
  now: number,
) {
  return sql`
    insert into subscribers
      (address, address_key, address_hash, name, status, frequency, source, created_at, changed_at)
    select value ->> 'address', value ->> 'addressKey', value ->> 'addressHash', value ->> 'name',
      ${status}, value ->> 'frequency', ${source}, ${now}, ${now}
    from json_each(${JSON.stringify(batch)}) where not ${isSuppressedRow}
    on conflict (address_key) do update`;
}

/**
 * The rows of these addresses, made `guest` where unknown or where nobody confirmed them yet;
 * suppressed ones are left out.
 */
export async function addGuests(
  db: Database,
  batch: readonly NewSubscriber[],
  now: number,
): Promise<readonly number[]> {
  await sql`${inserted(batch, 'guest', 'guest', now)}
    set status = 'guest', source = 'guest', changed_at = excluded.changed_at
    where subscribers.status = 'pending'`.execute(db);
  const keys = batch.map(row => row.addressKey);
  const found = db.selectFrom('subscribers').select('id').where('addressKey', 'in', keys);
  const rows = await found.where('status', 'in', ['active', 'guest']).execute();
  return rows.map(row => row.id);
}

/** The subscriber with this `address_key`, if there is one. */
export function findSubscriber(db: Database, addressKey: string): Promise<Subscriber | undefined> {
  return db
    .selectFrom('subscribers')
    .select(columns)
    .where('addressKey', '=', addressKey)
    .executeTakeFirst();
}

/** The subscriber with this id, if there is one. */
export function getSubscriber(db: Database, id: number): Promise<Subscriber | undefined> {
  return db.selectFrom('subscribers').select(columns).where('id', '=', id).executeTakeFirst();
}

/** The keys under which a subscriber's address is known. Throws where there is no such row. */
export function subscriberKeys(db: Database, id: number): Promise<AddressColumns> {
  return db
    .selectFrom('subscribers')
    .select(['address', 'addressKey', 'addressHash'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

/** Up to `limit` subscribers after `afterId`, by id; of one status where given. */
export function listSubscribers(
  db: Database,
  page: { afterId: number; limit: number; status?: SubscriberStatus | undefined },
): Promise<Subscriber[]> {
  let query = db.selectFrom('subscribers').select(columns).where('id', '>', page.afterId);
  if (page.status) query = query.where('status', '=', page.status);
  return query.orderBy('id').limit(page.limit).execute();
}

/** How many subscribers there are of each status. */
export async function countSubscribers(
  db: Database,
): Promise<Partial<Record<SubscriberStatus, number>>> {
  const rows = await db
    .selectFrom('subscribers')
    .select(['status', eb => eb.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  return Object.fromEntries(rows.map(row => [row.status, row.count]));
}

/** The subscribers with these address keys. */
export function subscribersAmong(
  db: Database,
  addressKeys: readonly string[],
): Promise<Pick<SubscriberColumns, 'id' | 'addressKey' | 'status'>[]> {
  return db
    .selectFrom('subscribers')
    .select(['id', 'addressKey', 'status'])
    .where('addressKey', 'in', addressKeys)
    .execute();
}

/** The hash of the list file's content when it was last imported; null where it never was. */
export async function importedHash(db: Database, path: string): Promise<string | null> {
  const kept = db.selectFrom('lists').select('contentHash').where('path', '=', path);
  return (await kept.executeTakeFirst())?.contentHash ?? null;
}

/** Remembers that the list file was imported with this content, so that it is not read again. */
export async function rememberImport(
  db: Database,
  path: string,
  contentHash: string,
  now: number,
): Promise<void> {
  const row = { path, contentHash, importedAt: now };
  await db.replaceInto('lists').values(row).execute();
}

/** Subscribers whose address or name has this text, by address, at most `limit`. */
export async function searchSubscribers(db: Database, text: string, limit: number) {
  return db
    .selectFrom('subscribers')
    .select(['id', 'address', 'name', 'status', 'frequency', 'source'])
    .where(
      sql<boolean>`address like ${like(text)} escape '\\' or name like ${like(text)} escape '\\'`,
    )
    .orderBy('address')
    .limit(limit)
    .execute();
}
