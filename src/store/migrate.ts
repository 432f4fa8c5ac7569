import { existsSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { UsageError } from '../lib/errors.ts';
import { migrations } from './migrations/index.ts';

/**
 * Brings the database to this program's schema, after a copy beside it (`FILE.before-2`).
 * Two programs that start together are told apart by the transaction: the second finds it done.
 * @throws UsageError where the database is newer than the program.
 */
export async function migrate(db: Kysely<unknown>, path: string): Promise<void> {
  const found = await version(db);
  if (found === migrations.length) return;
  refuseNewer(found, path);
  if (found > 0) await copyBefore(db, path, found + 1);
  await db.transaction().execute(async transaction => {
    const current = await version(transaction);
    refuseNewer(current, path);
    for (const apply of migrations.slice(current)) await apply(transaction);
    await sql.raw(`pragma user_version = ${migrations.length}`).execute(transaction);
  });
}

async function version(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(db);
  return rows[0]?.user_version ?? 0;
}

function refuseNewer(found: number, path: string): void {
  if (found <= migrations.length) return;
  throw new UsageError(
    `${path} was written by a newer Paperround (schema ${found}; this one knows ${migrations.length}). ` +
      'Upgrade the program, or start it with another DATABASE_URL.',
  );
}

async function copyBefore(db: Kysely<unknown>, path: string, next: number): Promise<void> {
  const copy = `${path}.before-${next}`;
  // A copy that is there comes from a start that failed after copying: the older one is the better.
  if (!existsSync(copy)) await sql`vacuum into ${copy}`.execute(db);
}
