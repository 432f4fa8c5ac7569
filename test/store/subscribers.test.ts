import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { leave, suppressedAmong } from '../../src/store/leaving.ts';
import type { SubscriberStatus } from '../../src/store/schema.ts';
import {
  addGuests,
  addSubscribers,
  countSubscribers,
  findSubscriber,
  listSubscribers,
} from '../../src/store/subscribers.ts';
import { aSubscriber, fillList, startDatabase } from '../support/database.ts';
import { morning } from '../support/runtime.ts';

const ada = aSubscriber('Ada@example.org', { name: 'Ada Lovelace' });
const emmy = aSubscriber('emmy@example.org');

const add = async (db: Database, ...batch: (typeof ada)[]) => {
  const { added, suppressed } = await addSubscribers(db, batch, 'test', morning);
  return { added: added.size, suppressed: suppressed.size };
};
const statusOf = async (db: Database, { addressKey }: typeof ada) =>
  (await findSubscriber(db, addressKey))?.status;
const setStatus = (db: Database, status: SubscriberStatus) =>
  db.updateTable('subscribers').set({ status }).execute();

describe('adding to the list', () => {
  it('keeps the address as it was written, active, with its source', async () => {
    const db = await startDatabase();
    expect(await add(db, ada)).toEqual({ added: 1, suppressed: 0 });
    expect(await findSubscriber(db, 'ada@example.org')).toEqual({
      id: 1,
      address: 'Ada@example.org',
      name: 'Ada Lovelace',
      status: 'active',
      frequency: 'daily',
      source: 'test',
      tokenCounter: 0,
      pausedUntil: null,
      createdAt: morning,
      changedAt: morning,
    });
  });

  it('changes nothing of those who are there', async () => {
    const db = await startDatabase();
    await add(db, { ...ada, frequency: 'weekly' });
    expect(await add(db, { ...ada, name: 'Another', frequency: 'daily' }, emmy)).toEqual({
      added: 1,
      suppressed: 0,
    });
    expect(await findSubscriber(db, ada.addressKey)).toMatchObject({
      name: 'Ada Lovelace',
      frequency: 'weekly',
    });
  });

  it('revives nobody who left, and says how many that were', async () => {
    const db = await startDatabase();
    await add(db, ada);
    await leave(db, 1, 'left', morning);
    expect(await add(db, ada, emmy)).toEqual({ added: 1, suppressed: 1 });
    expect(await statusOf(db, ada)).toBe('unsubscribed');
  });

  it.each(['unsubscribed', 'bounced', 'complained'] as const)(
    'does not revive who is %s, even where no suppression says so',
    async status => {
      const db = await startDatabase();
      await add(db, ada);
      await setStatus(db, status);
      expect(await add(db, ada)).toEqual({ added: 0, suppressed: 0 });
      expect(await statusOf(db, ada)).toBe(status);
    },
  );

  it.each(['guest', 'pending'] as const)('makes a %s a reader', async status => {
    const db = await startDatabase();
    await add(db, ada);
    await setStatus(db, status);
    expect(await add(db, { ...ada, frequency: 'weekly' })).toEqual({ added: 1, suppressed: 0 });
    expect(await findSubscriber(db, ada.addressKey)).toMatchObject({
      status: 'active',
      frequency: 'weekly',
    });
  });
});

describe('guests', () => {
  it('are made of addresses that nobody knows', async () => {
    const db = await startDatabase();
    const ids = await addGuests(db, [ada], morning);
    expect(await findSubscriber(db, ada.addressKey)).toMatchObject({
      id: ids[0],
      status: 'guest',
    });
  });

  it('are not made of readers, who stay what they are', async () => {
    const db = await startDatabase();
    await add(db, ada);
    expect(await addGuests(db, [ada, emmy], morning)).toHaveLength(2);
    expect(await statusOf(db, ada)).toBe('active');
  });

  it('are not made of those who left', async () => {
    const db = await startDatabase();
    await add(db, ada);
    await leave(db, 1, 'left', morning);
    expect(await addGuests(db, [ada], morning)).toEqual([]);
  });
});

describe('reading the list', () => {
  it('goes through it page by page, by id', async () => {
    const db = await startDatabase();
    await fillList(db, 5);
    const first = await listSubscribers(db, { afterId: 0, limit: 3 });
    const second = await listSubscribers(db, { afterId: 3, limit: 3 });
    expect([...first, ...second].map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  });

  it('can be of one status', async () => {
    const db = await startDatabase();
    await fillList(db, 3);
    await leave(db, 2, 'left', morning);
    const left = await listSubscribers(db, { afterId: 0, limit: 9, status: 'unsubscribed' });
    expect(left.map(({ id }) => id)).toEqual([2]);
    expect(await countSubscribers(db)).toEqual({ active: 2, unsubscribed: 1 });
  });

  it('tells which addresses are suppressed', async () => {
    const db = await startDatabase();
    await add(db, ada);
    await leave(db, 1, 'editor', morning);
    const hashes = [ada, emmy].map(({ addressHash }) => addressHash);
    expect(await suppressedAmong(db, hashes)).toEqual(new Map([[ada.addressHash, 'editor']]));
    expect(await suppressedAmong(db, [])).toEqual(new Map());
  });
});
