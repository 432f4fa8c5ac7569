import type { Runtime } from '../lib/runtime.ts';
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
  const kept = db.selectFrom('settings').select('value').where('name', '=', name);
  return (await kept.executeTakeFirst())?.value ?? null;
}

/** Whether the SMTP server offered SMTPUTF8 when it was asked last; null where it never was. */
export async function smtputf8Offered(db: Database): Promise<boolean | null> {
  const kept = await readSetting(db, 'smtputf8');
  return kept === null ? null : kept === 'yes';
}

/** Remembers whether the SMTP server offers SMTPUTF8; writes only what is new. */
export async function rememberSmtputf8(db: Database, offered: boolean): Promise<void> {
  await remember(db, 'smtputf8', offered ? 'yes' : 'no');
}

/** Remembers which files were said to be open to others. @returns whether that is new. */
export function rememberWide(db: Database, files: string): Promise<boolean> {
  return remember(db, 'wide_files', files);
}

async function remember(db: Database, name: string, value: string): Promise<boolean> {
  if ((await readSetting(db, name)) === value) return false;
  await db.replaceInto('settings').values({ name, value }).execute();
  return true;
}

/** The key of all suppression hashes, 32 bytes; made at first start, never changed. */
export async function suppressionKey(db: Database, runtime: Runtime): Promise<Buffer> {
  const text = await settle(db, 'suppression_key', () => runtime.random(32).toString('base64url'));
  return Buffer.from(text, 'base64url');
}

/**
 * A key that signs readers' links: 32 random bytes, numbered 0–255. A retired one signs nothing any
 * more, and is accepted for unsubscribing only, for ever.
 */
export type LinkKey = { readonly id: number; readonly key: Buffer; readonly retired: boolean };

/** All link keys, newest first; the first is the one to sign with. Makes one if there is none. */
export async function linkKeys(
  db: Database,
  runtime: Runtime,
): Promise<readonly [LinkKey, ...LinkKey[]]> {
  await db
    .insertInto('linkKeys')
    .values({
      id: 1,
      key: runtime.random(32).toString('base64url'),
      createdAt: runtime.now(),
    })
    .onConflict(conflict => conflict.doNothing())
    .execute();
  const rows = await db.selectFrom('linkKeys').selectAll().orderBy('id', 'desc').execute();
  const [newest, ...older] = rows.map(row => ({
    id: row.id,
    key: Buffer.from(row.key, 'base64url'),
    retired: row.retiredAt !== null,
  }));
  if (!newest) throw new Error('the link key that was just made is gone');
  return [newest, ...older];
}
