import type { Selectable } from 'kysely';
import type { Digest } from '../digest/digest.ts';
import type { EditionKind } from '../edition/edition.ts';
import type { Edits } from '../edition/edits.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

/** An edition as an editor is making it. */
export type DraftContent = {
  readonly kind: Exclude<EditionKind, 'weekly'>;
  /** Where its papers come from, in words. */
  readonly source: string;
  readonly digest: Digest;
  /** How many papers the picker takes. */
  readonly papers: number;
  readonly edits: Edits;
  /** Listed on the web. */
  readonly public: boolean;
};

/** A draft as it is kept. Instants are UTC ms. */
export type Draft = Omit<Readonly<Selectable<Schema['drafts']>>, 'content'> & {
  readonly content: DraftContent;
};

/** Stores a new draft. @returns its id. */
export async function createDraft(
  db: Database,
  content: DraftContent,
  now: number,
): Promise<number> {
  const { id } = await db
    .insertInto('drafts')
    .values({ version: 1, content: JSON.stringify(content), createdAt: now, changedAt: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

function drafts(db: Database) {
  return db.selectFrom('drafts').selectAll();
}

/** The draft with this id; null where there is none. */
export async function getDraft(db: Database, id: number): Promise<Draft | null> {
  const row = await drafts(db).where('id', '=', id).executeTakeFirst();
  return row ? { ...row, content: JSON.parse(row.content) } : null;
}

/** The drafts that were changed last, at most `limit`. */
export async function listDrafts(db: Database, limit: number): Promise<Draft[]> {
  const rows = await drafts(db).orderBy('changedAt', 'desc').limit(limit).execute();
  return rows.map(row => ({ ...row, content: JSON.parse(row.content) }));
}

/**
 * Saves a draft over `version`: one statement, so that of two tabs only one does.
 * @returns the new version; null where another was saved meanwhile.
 */
export async function saveDraft(
  db: Database,
  { id, version }: Pick<Draft, 'id' | 'version'>,
  content: DraftContent,
  now: number,
): Promise<number | null> {
  const row = await db
    .updateTable('drafts')
    .set({ version: version + 1, content: JSON.stringify(content), changedAt: now })
    .where(eb => eb.and({ id, version }))
    .returning('version')
    .executeTakeFirst();
  return row?.version ?? null;
}

/** Remembers as which edition a version of a draft was sent. */
export async function markSent(
  db: Database,
  { id, version }: Pick<Draft, 'id' | 'version'>,
  editionId: number,
): Promise<void> {
  await db
    .updateTable('drafts')
    .set({ editionId, editionVersion: version })
    .where('id', '=', id)
    .execute();
}

/** Deletes a draft. */
export async function deleteDraft(db: Database, id: number): Promise<void> {
  await db.deleteFrom('drafts').where('id', '=', id).execute();
}

/** A session to be kept: a hash of its id, never the id. Instants are UTC ms. */
export type NewSession = Omit<Readonly<Schema['sessions']>, 'createdAt'>;

/** Keeps a session, and forgets those that are over. */
export async function startSession(db: Database, session: NewSession, now: number): Promise<void> {
  await db.deleteFrom('sessions').where('expiresAt', '<=', now).execute();
  await db
    .insertInto('sessions')
    .values({ ...session, createdAt: now })
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
    .select('idHash')
    .where(eb => eb.and({ idHash, passwordTag }))
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends a session. */
export async function endSession(db: Database, idHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('idHash', '=', idHash).execute();
}
