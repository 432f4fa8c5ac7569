import { describe, expect, it } from 'vitest';
import {
  addNamed,
  beginFreezing,
  countAudience,
  countNamed,
  endFreezing,
  freezeRange,
} from '../../src/store/audience.ts';
import type { Database } from '../../src/store/database.ts';
import { getEdition, moveEdition } from '../../src/store/editions.ts';
import { leave } from '../../src/store/leaving.ts';
import { addSubscribers } from '../../src/store/subscribers.ts';
import { anEdition } from '../support/builders.ts';
import { aSubscriber, fillList, startDatabase, storeEdition } from '../support/database.ts';
import { hours, morning } from '../support/runtime.ts';

const expiresAt = morning + hours(24);
const begin = (db: Database, edition: number) => beginFreezing(db, edition, expiresAt);

/** Freezes an edition's audience from beginning to end. @returns in how many ranges. */
async function freezeAll(db: Database, edition: number): Promise<number> {
  await begin(db, edition);
  let ranges = 1;
  while (await freezeRange(db, edition, morning)) ranges += 1;
  await endFreezing(db, edition);
  return ranges;
}

async function frozen(db: Database): Promise<number[]> {
  const rows = await db.selectFrom('deliveries').select('subscriberId').execute();
  return rows.map(row => row.subscriberId);
}

const statusOf = async (db: Database, edition: number) => (await getEdition(db, edition))?.status;
const kindOf = (kind: 'daily' | 'weekly' | 'manual') => ({
  content: anEdition(undefined, { kind }),
});

/** A daily reader (1), a weekly one (2), one on a break (3), one who left (4), a guest (5). */
async function allSorts(): Promise<Database> {
  const db = await startDatabase();
  await fillList(db, 5);
  const set = (id: number) => db.updateTable('subscribers').where('id', '=', id);
  await set(2).set({ frequency: 'weekly' }).execute();
  await set(3)
    .set({ pausedUntil: morning + 1 })
    .execute();
  await leave(db, 4, 'left', morning);
  await set(5).set({ status: 'guest' }).execute();
  return db;
}

describe('freezing the audience', () => {
  it.each([
    ['daily', [1]],
    ['weekly', [2]],
    ['manual', [1, 2]],
  ] as const)('of a %s edition takes those it is for', async (kind, readers) => {
    const db = await allSorts();
    await freezeAll(db, await storeEdition(db, kindOf(kind)));
    expect(await frozen(db)).toEqual(readers);
  });

  it('takes who is back from a break', async () => {
    const db = await allSorts();
    await db.updateTable('subscribers').set({ pausedUntil: morning }).where('id', '=', 3).execute();
    await freezeAll(db, await storeEdition(db));
    expect(await frozen(db)).toEqual([1, 3]);
  });

  it('takes nobody who is suppressed, whatever the status says', async () => {
    const db = await allSorts();
    await db.updateTable('subscribers').set({ status: 'active' }).where('id', '=', 4).execute();
    await freezeAll(db, await storeEdition(db));
    expect(await frozen(db)).toEqual([1]);
  });

  it('goes in short ranges, and can stop and go on in the middle', async () => {
    const db = await startDatabase();
    await fillList(db, 2_500);
    const edition = await storeEdition(db);
    await begin(db, edition);
    expect(await freezeRange(db, edition, morning)).toBe(true);
    expect(await frozen(db)).toHaveLength(1_000);
    // It is not over, so the lanes may not begin.
    await endFreezing(db, edition);
    expect(await statusOf(db, edition)).toBe('freezing');

    expect(await freezeRange(db, edition, morning)).toBe(true);
    expect(await freezeRange(db, edition, morning)).toBe(false);
    await endFreezing(db, edition);
    expect(await statusOf(db, edition)).toBe('sending');
    expect(await frozen(db)).toHaveLength(2_500);
  });

  it('takes no account of gaps in the numbers', async () => {
    const db = await startDatabase();
    await fillList(db, 2_500);
    await db.deleteFrom('subscribers').where('id', '>', 3).where('id', '<', 2_400).execute();
    expect(await freezeAll(db, await storeEdition(db))).toBe(1);
    expect(await frozen(db)).toHaveLength(104);
  });

  it('ends at once where the list is empty', async () => {
    const db = await startDatabase();
    const edition = await storeEdition(db);
    expect(await freezeAll(db, edition)).toBe(1);
    expect(await statusOf(db, edition)).toBe('sending');
  });

  it('leaves out who came after it began', async () => {
    const db = await startDatabase();
    await fillList(db, 2);
    const edition = await storeEdition(db);
    await begin(db, edition);
    await addSubscribers(db, [aSubscriber('late@example.org')], 'test', morning);
    await freezeRange(db, edition, morning);
    expect(await frozen(db)).toEqual([1, 2]);
  });

  it('takes everybody though the process that stored the edition ended at once', async () => {
    const db = await startDatabase();
    await fillList(db, 2);
    const edition = await storeEdition(db);
    while (await freezeRange(db, edition, morning));
    await endFreezing(db, edition);
    expect(await frozen(db)).toEqual([1, 2]);
  });

  it('a second time adds who came since, and touches nobody else', async () => {
    const db = await startDatabase();
    await fillList(db, 2);
    const edition = await storeEdition(db);
    await freezeAll(db, edition);
    await db.updateTable('deliveries').set({ state: 'sent' }).execute();
    await moveEdition(db, edition, ['sending'], 'sent');
    await addSubscribers(db, [aSubscriber('late@example.org')], 'test', morning);
    await freezeAll(db, edition);
    const rows = await db.selectFrom('deliveries').select(['subscriberId', 'state']).execute();
    expect(rows).toEqual([
      { subscriberId: 1, state: 'sent' },
      { subscriberId: 2, state: 'sent' },
      { subscriberId: 3, state: 'queued' },
    ]);
  });

  it.each(['paused', 'cancelled'] as const)('does not begin again while %s', async status => {
    const db = await startDatabase();
    await fillList(db, 1);
    const edition = await storeEdition(db);
    await moveEdition(db, edition, ['freezing'], status);
    await freezeAll(db, edition);
    expect(await statusOf(db, edition)).toBe(status);
    expect(await frozen(db)).toEqual([]);
  });
});

describe('an edition for named people', () => {
  it('that is being frozen for all readers goes on being frozen', async () => {
    const db = await startDatabase();
    await fillList(db, 1_500);
    const edition = await storeEdition(db, kindOf('manual'));
    await begin(db, edition);
    await freezeRange(db, edition, morning);
    await addNamed(db, edition, [1], expiresAt);
    expect(await freezeRange(db, edition, morning)).toBe(false);
    await endFreezing(db, edition);
    expect(await frozen(db)).toHaveLength(1_500);
    expect(await statusOf(db, edition)).toBe('sending');
  });

  it('gets deliveries for exactly these, once', async () => {
    const db = await startDatabase();
    await fillList(db, 3);
    const edition = await storeEdition(db, { ...kindOf('manual'), audience: 'named' });
    await addNamed(db, edition, [2], expiresAt);
    await addNamed(db, edition, [2, 3], expiresAt);
    expect(await frozen(db)).toEqual([2, 3]);
    expect(await statusOf(db, edition)).toBe('sending');
  });
});

describe('counting who would get an edition', () => {
  it.each(['daily', 'weekly', 'manual'] as const)(
    'gives the number that freezing then takes: %s',
    async kind => {
      const db = await allSorts();
      const counted = await countAudience(db, kind, null, morning);
      await freezeAll(db, await storeEdition(db, kindOf(kind)));
      expect(counted).toBe((await frozen(db)).length);
    },
  );

  it('leaves out who has it, waits for it, or failed', async () => {
    const db = await startDatabase();
    await fillList(db, 2);
    const edition = await storeEdition(db);
    await freezeAll(db, edition);
    await addSubscribers(db, [aSubscriber('late@example.org')], 'test', morning);
    expect(await countAudience(db, 'daily', edition, morning)).toBe(1);
  });

  it('counts named people: new ones, known ones, and none who have it', async () => {
    const db = await startDatabase();
    await fillList(db, 2);
    const edition = await storeEdition(db, kindOf('manual'));
    await addNamed(db, edition, [1], expiresAt);
    const keys = ['reader1@example.org', 'reader2@example.org', 'new@example.org'];
    expect(await countNamed(db, keys, edition)).toBe(2);
    expect(await countNamed(db, keys, null)).toBe(3);
    expect(await countNamed(db, ['new@example.org', 'new@example.org'], null)).toBe(1);
  });
});
