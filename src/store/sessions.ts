import type { Database } from './database.ts';

/** A session to be kept: a hash of its id, never the id. Instants are UTC ms. */
export type NewSession = {
  readonly idHash: string;
  /** Which password it began with. */
  readonly passwordTag: string;
  readonly expiresAt: number;
};

/** Keeps a session, and forgets those that are over. */
export async function startSession(db: Database, session: NewSession, now: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
  await db
    .insertInto('sessions')
    .values({
      id_hash: session.idHash,
      password_tag: session.passwordTag,
      created_at: now,
      expires_at: session.expiresAt,
    })
    .execute();
}

/** Whether such a session is open, and began with the password there is now. */
export async function isOpenSession(
  db: Database,
  { idHash, passwordTag }: Omit<NewSession, 'expiresAt'>,
  now: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('sessions')
    .select('id_hash')
    .where('id_hash', '=', idHash)
    .where('password_tag', '=', passwordTag)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends a session. */
export async function endSession(db: Database, idHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
}
