import type { Database } from './database.ts';

/** Another address for a subscriber, until its owner confirms. `askedAt` in UTC ms. */
export type AddressChange = {
  readonly id: number;
  readonly subscriberId: number;
  readonly address: string;
  readonly addressKey: string;
  readonly addressHash: string;
  readonly askedAt: number;
};

/** Keeps a wish for another address; an earlier one of the same subscriber is void. @returns its id. */
export function askAddressChange(
  db: Database,
  { subscriberId, address, addressKey, addressHash, askedAt }: Omit<AddressChange, 'id'>,
): Promise<number> {
  return db.transaction().execute(async transaction => {
    await transaction
      .deleteFrom('address_changes')
      .where('subscriber_id', '=', subscriberId)
      .execute();
    const row = await transaction
      .insertInto('address_changes')
      .values({
        subscriber_id: subscriberId,
        address,
        address_key: addressKey,
        address_hash: addressHash,
        asked_at: askedAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  });
}

/** The wish with this id, if it is not done or void. */
export function findAddressChange(db: Database, id: number): Promise<AddressChange | undefined> {
  return db
    .selectFrom('address_changes')
    .select([
      'id',
      'subscriber_id as subscriberId',
      'address',
      'address_key as addressKey',
      'address_hash as addressHash',
      'asked_at as askedAt',
    ])
    .where('id', '=', id)
    .executeTakeFirst();
}

/**
 * Does a change of address that its owner confirmed, in one transaction: what they left by
 * themselves is lifted, and links in mails to the old address change nothing any more.
 * @returns false where the address is another subscriber's, or must not be mailed.
 */
export function changeAddress(db: Database, change: AddressChange, now: number): Promise<boolean> {
  return db.transaction().execute(async transaction => {
    await transaction.deleteFrom('address_changes').where('id', '=', change.id).execute();
    const taken = await transaction
      .selectFrom('subscribers')
      .select('id')
      .where('address_key', '=', change.addressKey)
      .where('id', '!=', change.subscriberId)
      .executeTakeFirst();
    if (taken) return false;
    await transaction
      .deleteFrom('suppressions')
      .where('address_hash', '=', change.addressHash)
      .where('reason', 'in', ['left', 'forgotten'])
      .execute();
    const suppressed = await transaction
      .selectFrom('suppressions')
      .select('reason')
      .where('address_hash', '=', change.addressHash)
      .executeTakeFirst();
    if (suppressed) return false;
    const moved = await transaction
      .updateTable('subscribers')
      .set(eb => ({
        address: change.address,
        address_key: change.addressKey,
        address_hash: change.addressHash,
        token_counter: eb('token_counter', '+', 1),
        changed_at: now,
      }))
      .where('id', '=', change.subscriberId)
      .executeTakeFirst();
    return moved.numUpdatedRows > 0n;
  });
}
