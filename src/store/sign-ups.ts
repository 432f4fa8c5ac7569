import type { Database } from './database.ts';
import type { Frequency } from './schema.ts';

/** Somebody asked that this address be put on the list. UTC ms. */
export type SignUp = {
  readonly id: number;
  readonly address: string;
  readonly addressKey: string;
  readonly addressHash: string;
  readonly frequency: Frequency;
  readonly askedAt: number;
};

/**
 * Keeps a sign-up until it is decided what it comes to. The same insert whoever it is, so that
 * neither the answer nor the time it takes tells who is on the list.
 */
export async function insertSignUp(
  db: Database,
  { address, addressKey, addressHash, frequency, askedAt }: Omit<SignUp, 'id'>,
): Promise<void> {
  await db
    .insertInto('sign_ups')
    .values({
      address,
      address_key: addressKey,
      address_hash: addressHash,
      frequency,
      asked_at: askedAt,
    })
    .execute();
}

/** The oldest sign-ups that are not decided yet, at most `limit`. */
export function listSignUps(db: Database, limit: number): Promise<SignUp[]> {
  return db
    .selectFrom('sign_ups')
    .select([
      'id',
      'address',
      'address_key as addressKey',
      'address_hash as addressHash',
      'frequency',
      'asked_at as askedAt',
    ])
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Forgets a sign-up that was decided. @returns false where another did so before. */
export async function deleteSignUp(db: Database, id: number): Promise<boolean> {
  const result = await db.deleteFrom('sign_ups').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
