import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Runtime } from '../../src/lib/runtime.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { insertEdition, type NewEdition } from '../../src/store/editions.ts';
import { linkKeys } from '../../src/store/settings.ts';
import { addSubscribers, type NewSubscriber } from '../../src/store/subscribers.ts';
import { anEdition } from './builders.ts';
import { hours, morning, testRuntime } from './runtime.ts';
import { tempFolder } from './temp-folder.ts';

/** A database in a file of its own (or the one at `path`); closed when the test is over. */
export async function startDatabase({
  path = join(tempFolder(), 'papers.db'),
  runtime = testRuntime() as Runtime,
} = {}): Promise<Database> {
  const db = await openDatabase(path, runtime);
  onTestFinished(() => db.destroy());
  return db;
}

/** A row for the list; its hash is the address itself, which the store does not look into. */
export function aSubscriber(address: string, values: Partial<NewSubscriber> = {}): NewSubscriber {
  return {
    address,
    addressKey: address.toLowerCase(),
    addressHash: `hash of ${address.toLowerCase()}`,
    name: null,
    frequency: 'daily',
    ...values,
  };
}

/** Puts `count` daily readers on the list, with ids from 1 in an empty database. */
export async function fillList(db: Database, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => aSubscriber(`reader${at + 1}@example.org`));
  for (let from = 0; from < count; from += 500) {
    await addSubscribers(db, rows.slice(from, from + 500), 'test', morning);
  }
}

/** Stores an edition. @returns its id; fails where the same is there. */
export async function storeEdition(
  db: Database,
  values: Partial<NewEdition> = {},
): Promise<number> {
  const id = await tryStoreEdition(db, values);
  if (id === null) throw new Error('an edition of this key is there');
  return id;
}

/** Stores an edition unless the same is there: then null. */
export async function tryStoreEdition(
  db: Database,
  values: Partial<NewEdition> = {},
): Promise<number | null> {
  const [{ id: linkKeyId }] = await linkKeys(db, testRuntime());
  const edition: NewEdition = {
    key: '',
    content: anEdition(),
    wire: '[]',
    linkKeyId,
    audience: 'readers',
    public: true,
    expiresAt: morning + hours(24),
    ...values,
  };
  return insertEdition(db, edition, morning);
}
