import { join } from 'node:path';
import { freeze } from '../../src/delivery/freeze.ts';
import { createRuntime } from '../../src/lib/runtime.ts';
import type { WireTemplate } from '../../src/mail/message/wire-template.ts';
import { beginFreezing } from '../../src/store/audience.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { insertEdition } from '../../src/store/editions.ts';
import { linkKeys } from '../../src/store/settings.ts';
import { addSubscribers } from '../../src/store/subscribers.ts';
import { anEdition } from '../support/builders.ts';

const runtime = createRuntime('silent');

/** A database with `count` daily readers: `reader1@example.org`, … */
export async function startList(folder: string, count: number): Promise<Database> {
  const db = await openDatabase(join(folder, 'papers.db'), runtime);
  const people = Array.from({ length: count }, (_, at) => {
    const address = `reader${at + 1}@example.org`;
    const identity = { address, addressKey: address, addressHash: `hash of ${address}` };
    return { ...identity, name: null, frequency: 'daily' as const };
  });
  for (let from = 0; from < count; from += 500) {
    await addSubscribers(db, people.slice(from, from + 500), 'chaos', runtime.now());
  }
  return db;
}

/** Publishes an edition of a few kilobytes to all of them. @returns its id. */
export async function publishSome(db: Database, name: string): Promise<number> {
  const [{ id: linkKeyId }] = await linkKeys(db, runtime);
  const expiresAt = runtime.now() + 3_600_000;
  const wire: WireTemplate = [
    'From: <papers@news.example.org>\r\nTo: <',
    { slot: 'address' },
    `>\r\nSubject: ${name}\r\nMessage-ID: <${name}.`,
    { slot: 'reader' },
    `@news.example.org>\r\n\r\n${'A line of the body, as long as many lines are.\r\n'.repeat(99)}`,
    { slot: 'unsubscribe' },
    '\r\n',
  ];
  const id = await insertEdition(
    db,
    {
      key: name,
      content: anEdition(undefined, { kind: 'manual' }),
      wire: JSON.stringify(wire),
      linkKeyId,
      audience: 'readers',
      public: false,
      expiresAt,
    },
    runtime.now(),
  );
  if (id === null) throw new Error(`an edition ${name} is there`);
  await beginFreezing(db, id, expiresAt);
  await freeze(db, runtime, id);
  return id;
}
