import { sql } from 'kysely';
import type { EditionKind } from '../edition/edition.ts';
import type { Database } from './database.ts';
import { mayNotify, type NoticeLimit, queueNotice } from './notices.ts';
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
      .set({ frequency, pausedUntil, changedAt: now })
      .where('id', '=', subscriberId)
      .execute();
    if (pausedUntil === null || pausedUntil <= now) return;
    await transaction
      .updateTable('deliveries')
      .set({ state: 'skipped', reply: 'paused' })
      .where('subscriberId', '=', subscriberId)
      // Said, so that deliveries are found by their key.
      .where('editionId', 'in', transaction.selectFrom('editions').select('id'))
      .where('state', 'in', ['queued', 'deferred'])
      .execute();
  });
}

/** Another address for a subscriber, until its owner confirms. `askedAt` in UTC ms. */
export type AddressChange = {
  readonly id: number;
  readonly subscriberId: number;
  readonly address: string;
  readonly addressKey: string;
  readonly addressHash: string;
  readonly askedAt: number;
};

/**
 * Keeps a wish for another address and queues the mail that asks its owner, in one transaction. An
 * earlier wish of the same subscriber is void; but where that was for this address, and `limits`
 * let no other mail go there, the link that is there already stays good.
 */
export function askAddressChange(
  db: Database,
  { subscriberId, address, addressKey, addressHash, askedAt }: Omit<AddressChange, 'id'>,
  limits: readonly NoticeLimit[],
): Promise<void> {
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
      .values({
        subscriberId,
        address,
        addressKey,
        addressHash,
        askedAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const notice = { purpose: 'change', subscriberId, window: row.id, addressHash } as const;
    await queueNotice(transaction, notice, limits, askedAt);
  });
}

/** The wish with this id, if it is not done or void. */
export function findAddressChange(db: Database, id: number): Promise<AddressChange | undefined> {
  return db
    .selectFrom('addressChanges')
    .select(['id', 'subscriberId', 'address', 'addressKey', 'addressHash', 'askedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
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
  return db.transaction().execute(async transaction => {
    await transaction.deleteFrom('addressChanges').where('id', '=', change.id).execute();
    await deleteNeverConfirmed(transaction, change.addressKey);
    const taken = await transaction
      .selectFrom('subscribers')
      .select('id')
      .where('addressKey', '=', change.addressKey)
      .where('id', '!=', change.subscriberId)
      .executeTakeFirst();
    if (taken) return false;
    await transaction
      .deleteFrom('suppressions')
      .where('addressHash', '=', change.addressHash)
      .where('reason', 'in', ['left', 'forgotten'])
      .execute();
    const suppressed = await transaction
      .selectFrom('suppressions')
      .select('reason')
      .where('addressHash', '=', change.addressHash)
      .executeTakeFirst();
    if (suppressed) return false;
    await sql`
      insert into suppressions (address_hash, reason, created_at)
      select address_hash, 'left', ${now} from subscribers
      where id = ${change.subscriberId} and address_key <> ${change.addressKey}
      on conflict do nothing`.execute(transaction);
    const moved = await transaction
      .updateTable('subscribers')
      .set(eb => ({
        address: change.address,
        addressKey: change.addressKey,
        addressHash: change.addressHash,
        tokenCounter: eb('tokenCounter', '+', 1),
        changedAt: now,
      }))
      .where('id', '=', change.subscriberId)
      .executeTakeFirst();
    return moved.numUpdatedRows > 0n;
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
  const row = await db
    .selectFrom('subscribers')
    .select(['address', 'name', 'status', 'frequency', 'source'])
    .select(['createdAt', 'changedAt', 'pausedUntil'])
    .where('id', '=', subscriberId)
    .executeTakeFirst();
  if (!row) return null;
  const { createdAt, changedAt, pausedUntil, ...known } = row;
  const editions = await db
    .selectFrom('deliveries')
    .innerJoin('editions', 'editions.id', 'deliveries.editionId')
    .select(['editions.kind', 'editions.date', 'deliveries.state', 'deliveries.reply'])
    .select('deliveries.sentAt')
    .where('subscriberId', '=', subscriberId)
    .orderBy('editions.id')
    .execute();
  const change = await db
    .selectFrom('addressChanges')
    .select('address')
    .where('subscriberId', '=', subscriberId)
    .executeTakeFirst();
  const notices = await db
    .selectFrom('notices')
    .select(['purpose', 'state', 'reply', 'createdAt', 'sentAt'])
    .where('subscriberId', '=', subscriberId)
    .orderBy('id')
    .execute();
  return {
    subscriber: {
      ...known,
      since: iso(createdAt),
      changed: iso(changedAt),
      pausedUntil: iso(pausedUntil),
      addressAskedFor: change?.address ?? null,
    },
    editions: editions.map(({ sentAt, ...edition }) => ({ ...edition, sent: iso(sentAt) })),
    notices: notices.map(({ createdAt, sentAt, ...notice }) => ({
      ...notice,
      asked: iso(createdAt),
      sent: iso(sentAt),
    })),
  };
}
