import type { Runtime } from '../lib/runtime.ts';
import type { Database } from './database.ts';

/** A key that signs readers' links. Retired ones are accepted for unsubscribing for ever. */
export type LinkKey = { readonly id: number; readonly key: Buffer; readonly retired: boolean };

/** All link keys, newest first; the first is the one to sign with. Makes one if there is none. */
export async function linkKeys(
  db: Database,
  runtime: Runtime,
): Promise<readonly [LinkKey, ...LinkKey[]]> {
  await db
    .insertInto('link_keys')
    .values({
      id: 1,
      key: runtime.random(32).toString('base64url'),
      created_at: runtime.now(),
      retired_at: null,
    })
    .onConflict(conflict => conflict.doNothing())
    .execute();
  const rows = await db.selectFrom('link_keys').selectAll().orderBy('id', 'desc').execute();
  const [newest, ...older] = rows.map(row => ({
    id: row.id,
    key: Buffer.from(row.key, 'base64url'),
    retired: row.retired_at !== null,
  }));
  if (!newest) throw new Error('the link key that was just made is gone');
  return [newest, ...older];
}
