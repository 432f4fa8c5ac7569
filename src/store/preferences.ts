import { type Selectable, sql } from 'kysely';
import type { EditionKind, Frequency } from '../edition/edition.ts';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';
import { skipWaiting, suppressedAmong } from './leaving.ts';
import { mayNotify, type NoticeLimit, queueNotice } from './notices.ts';
import type { Schema } from './schema.ts';
import { findSubscriber } from './subscribers.ts';

/** What a reader chooses; `pausedUntil` in UTC ms, null where nothing is paused. */
export type Choices = { readonly frequency: Frequency; readonly pausedUntil: number | null };

/**
 * Keeps what a reader chose. Who pauses does not get what waits for them either; one transaction.
 */
export async function changeChoices(
  db: Database,
  subscriberId: number,
  { frequency, pausedUntil }: Choices,
  now: number,
): Promise<void> {
  await db.transaction().execute(async transaction => {
    await sql`
      update subscribers
      set frequency = ${frequency}, paused_until = ${pausedUntil}, changed_at = ${now}
      where id = ${subscriberId}`.execute(transaction);
    if (pausedUntil !== null && pausedUntil > now) {
      await skipWaiting(transaction, [subscriberId], 'paused');
    }
  });
}

/** Another address for a subscriber, until its owner confirms. `askedAt` in UTC ms. */
export type AddressChange = Readonly<Selectable<Schema['addressChanges']>>;

/**
 * Keeps a wish for another address and queues the mail that asks its owner, in one transaction. An
 * earlier wish of the same subscriber is void; but where that was for this address, and `limits`
 * let no other mail go there, the link that is there already stays good.
 */
export function askAddressChange(
  db: Database,
  change: Omit<AddressChange, 'id'>,
  limits: readonly NoticeLimit[],
): Promise<void> {
  const { subscriberId, addressKey, addressHash, askedAt } = change;
  return db.transaction().execute(async transaction => {
    const earlier = await transaction
      .selectFrom('addressChanges')
      .select('addressKey')
      .where('subscriberId', '=', subscriberId)
      .executeTakeFirst();
    const asked = earlier?.addressKey === addressKey;
    if (asked && !(await mayNotify(transaction, addressHash, limits, askedAt))) return;
    await transaction
      .deleteFrom('addressChanges')
      .where('subscriberId', '=', subscriberId)
      .execute();
    const row = await transaction
      .insertInto('addressChanges')
      .values(change)
      .returning('id')
      .executeTakeFirstOrThrow();
    const notice = { purpose: 'change', subscriberId, window: row.id, addressHash } as const;
    await queueNotice(transaction, notice, limits, askedAt);
  });
}

/** The wish with this id, if it is not done or void. */
export function findAddressChange(db: Database, id: number): Promise<AddressChange | undefined> {
  return db.selectFrom('addressChanges').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Forgets wishes from before `before` that nobody confirmed. */
export async function pruneAddressChanges(db: Database, before: number): Promise<void> {
  await db.deleteFrom('addressChanges').where('askedAt', '<', before).execute();
}

/**
 * Does a change of address that its owner confirmed, in one transaction: what they left by
 * themselves is lifted, links in mails to the old address change nothing any more, and no list
 * that still names the old one brings it back.
 * @returns false where the address is another subscriber's, or must not be mailed.
 */
export function changeAddress(db: Database, change: AddressChange, now: number): Promise<boolean> {
  const { id, subscriberId, address, addressKey, addressHash } = change;
  return db.transaction().execute(async transaction => {
    await transaction.deleteFrom('addressChanges').where('id', '=', id).execute();
    await deleteNeverConfirmed(transaction, addressKey);
    const owner = await findSubscriber(transaction, addressKey);
    if (owner && owner.id !== subscriberId) return false;
    await sql`
      delete from suppressions
      where address_hash = ${addressHash} and reason in ('left', 'forgotten')`.execute(transaction);
    if ((await suppressedAmong(transaction, [addressHash])).size > 0) return false;
    await sql`
      insert into suppressions (address_hash, reason, created_at)
      select address_hash, 'left', ${now} from subscribers
      where id = ${subscriberId} and address_key <> ${addressKey}
      on conflict do nothing`.execute(transaction);
    const { numAffectedRows: moved = 0n } = await sql`
      update subscribers set address = ${address}, address_key = ${addressKey},
        address_hash = ${addressHash}, token_counter = token_counter + 1, changed_at = ${now}
      where id = ${subscriberId}`.execute(transaction);
    return moved > 0n;
  });
}

/** Lets go of an address that was signed up, and was never mailed but to ask. */
async function deleteNeverConfirmed(db: Database, addressKey: string): Promise<void> {
  await sql`
    delete from subscribers where address_key = ${addressKey} and status = 'pending'
      and not exists (select 1 from editions cross join deliveries
        on edition_id = editions.id and subscriber_id = subscribers.id)`.execute(db);
}

/** All that is kept of one reader, as they download it. Instants are ISO 8601. */
export type PersonalData = {
  readonly subscriber: object;
  readonly editions: readonly { readonly kind: EditionKind; readonly date: string }[];
  readonly notices: readonly object[];
};

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

/** All that is kept of one reader; null where there is none. */
export async function personalData(
  db: Database,
  subscriberId: number,
): Promise<PersonalData | null> {
  type Kept = Record<'since' | 'changed' | 'pausedUntil', number | null>;
  const known = await sql<Kept>`
    select address, name, status, frequency, source, created_at as since, changed_at as changed,
      paused_until, (select address from address_changes
        where subscriber_id = subscribers.id) as address_asked_for
    from subscribers where id = ${subscriberId}`.execute(db);
  const [row] = known.rows;
  if (!row) return null;
  const editions = await sql<{ kind: EditionKind; date: Day; sent: number | null }>`
    select kind, date, state, reply, sent_at as sent
    from editions cross join deliveries
      on edition_id = editions.id and subscriber_id = ${subscriberId}
    order by editions.id`.execute(db);
  const notices = await sql<{ asked: number; sent: number | null }>`
    select purpose, state, reply, created_at as asked, sent_at as sent
    from notices where subscriber_id = ${subscriberId} order by id`.execute(db);
  const { since, changed, pausedUntil } = row;
  const times = { since: iso(since), changed: iso(changed), pausedUntil: iso(pausedUntil) };
  return {
    subscriber: { ...row, ...times },
    editions: editions.rows.map(edition => ({ ...edition, sent: iso(edition.sent) })),
    notices: notices.rows.map(row => ({ ...row, asked: iso(row.asked), sent: iso(row.sent) })),
  };
}
