import type { Runtime } from '../runtime.ts';
import type { Database } from './database.ts';

/**
 * The value kept under `name`; the first to ask makes it. Two that ask at once get the same,
 * because the row decides and is read back.
 */
export async function settle(db: Database, name: string, make: () => string): Promise<string> {
  const kept = await readSetting(db, name);
  if (kept !== null) return kept;
  await db
    .insertInto('settings')
    .values({ name, value: make() })
    .onConflict(conflict => conflict.doNothing())
    .execute();
  return (await readSetting(db, name)) ?? settle(db, name, make);
}

async function readSetting(db: Database, name: string): Promise<string | null> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value ?? null;
}

/** The key of all suppression hashes, 32 bytes; made at first start, never changed. */
export async function suppressionKey(db: Database, runtime: Runtime): Promise<Buffer> {
  const text = await settle(db, 'suppression_key', () => runtime.random(32).toString('base64url'));
  return Buffer.from(text, 'base64url');
}
