import type { Database } from './database.ts';

/** The hash of the list file's content when it was last imported; null where it never was. */
export async function importedHash(db: Database, path: string): Promise<string | null> {
  const row = await db
    .selectFrom('lists')
    .select('content_hash')
    .where('path', '=', path)
    .executeTakeFirst();
  return row?.content_hash ?? null;
}

/** Remembers that the list file was imported with this content, so that it is not read again. */
export async function rememberImport(
  db: Database,
  path: string,
  contentHash: string,
  now: number,
): Promise<void> {
  const row = { content_hash: contentHash, imported_at: now };
  await db
    .insertInto('lists')
    .values({ path, ...row })
    .onConflict(conflict => conflict.column('path').doUpdateSet(row))
    .execute();
}
