import { existsSync } from 'node:fs';
import { CamelCasePlugin, Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { InputError, UsageError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import { createFile, ensureDatabaseFile, fileProblem } from './files.ts';
import { firstTables } from './migrations/0005-first-tables.ts';
import { refusals } from './migrations/0006-refusals.ts';
import type { Schema } from './schema.ts';
import { LibsqlDialect } from './sqlite.ts';

/**
 * A handle on the tables; inside a transaction only the transaction's own handle may be used. Rows of
 * one table go in and out by Kysely's builder, which checks them; what looks at many rows, or changes
 * them by a condition, is written as SQL.
 */
export type Database = Kysely<Schema>;

// Columns and tables are snake_case in SQL, and in what is written as SQL; camelCase in the program.
const plugins = [new CamelCasePlugin()];

/**
 * Opens the database file, makes it where there is none, and brings it up to date.
 * @throws UsageError where it cannot be opened, is no database, or is newer than the program.
 */
export async function openDatabase(path: string, runtime: Runtime): Promise<Database> {
  const db = new Kysely<unknown>({ dialect: new LibsqlDialect(path, runtime), plugins });
  try {
    await ensureDatabaseFile(path);
    await migrate(db, path);
    return db.withTables<Schema>();
  } catch (error) {
    await db.destroy();
    if (error instanceof UsageError) throw error;
    throw new UsageError(`the database ${path} cannot be opened: ${fileProblem(error, path)}`, {
      cause: error,
    });
  }
}

/**
 * A second handle on a database that is open already, for reading: it is answered while a write
 * on the first one waits for its turn.
 */
export function openReader(path: string, runtime: Runtime): Database {
  return new Kysely<Schema>({ dialect: new LibsqlDialect(path, runtime), plugins });
}

/**
 * Writes a consistent copy of the running database to `file`.
 * @throws InputError where the file exists already or cannot be written.
 */
export async function backup(db: Database, file: string): Promise<void> {
  try {
    if (existsSync(file)) throw new InputError(`${file} exists already; name a new file`);
    await copyTo(db, file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${file} cannot be written: ${fileProblem(error, file)}`, {
      cause: error,
    });
  }
}

function copyTo(db: QueryExecutorProvider, file: string): Promise<void> {
  return createFile(file, draft => sql`vacuum into ${draft}`.execute(db));
}

/** What the first migration here brings an empty database to; lower numbers were never released. */
const firstVersion = 5;
/** In order; each brings a database to the next number. Never edit one that was released. */
const migrations = [firstTables, refusals];
/** The number of this program's schema, which a database keeps as its `user_version`. */
export const schemaVersion = firstVersion + migrations.length - 1;

/**
 * Brings the database to this program's schema, after a copy beside it (`FILE.before-6`).
 * Two programs that start together are told apart by the transaction: the second finds it done.
 * @throws UsageError where the database is newer than the program, or older than it can upgrade.
 */
async function migrate(db: Kysely<unknown>, path: string): Promise<void> {
  const found = await version(db);
  if (found === schemaVersion) return;
  refuseUnknown(found, path);
  if (found > 0) await copyBefore(db, path, found + 1);
  await db.transaction().execute(async transaction => {
    const current = await version(transaction);
    refuseUnknown(current, path);
    const missing = migrations.slice(current === 0 ? 0 : current + 1 - firstVersion);
    for (const apply of missing) await apply(transaction);
    await sql.raw(`pragma user_version = ${schemaVersion}`).execute(transaction);
  });
}

async function version(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ userVersion: number }>`pragma user_version`.execute(db);
  return rows[0]?.userVersion ?? 0;
}

function refuseUnknown(found: number, path: string): void {
  if (found > schemaVersion) {
    throw new UsageError(
      `${path} was written by a newer Paperround (schema ${found}; this one knows ${schemaVersion}). ` +
        'Upgrade the program, or start it with another DATABASE_URL.',
    );
  }
  if (found > 0 && found < firstVersion) {
    throw new UsageError(
      `${path} was written by a Paperround before its first release (schema ${found}; this one upgrades from ${firstVersion} on). ` +
        `Open it once with the program as of commit a58d61c, which brings it to ${firstVersion}.`,
    );
  }
}

async function copyBefore(db: Kysely<unknown>, path: string, next: number): Promise<void> {
  const copy = `${path}.before-${next}`;
  // A copy that is there comes from a start that failed after copying: the older one is the better.
  if (!existsSync(copy)) await copyTo(db, copy);
}
