import { CompiledQuery, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { beginFreezing, endFreezing, freezeRange } from '../../src/store/audience.ts';
import type { Database } from '../../src/store/database.ts';
import { claimDeliveries, recordOutcomes } from '../../src/store/deliveries.ts';
import { forget, leave, unsuppress } from '../../src/store/leaving.ts';
import { changeAddress, changeChoices } from '../../src/store/preferences.ts';
import { addSubscribers, getSubscriber } from '../../src/store/subscribers.ts';
import { aSubscriber, fillList, startDatabase, storeEdition } from '../support/database.ts';
import { hours, morning } from '../support/runtime.ts';

const hash = 'hash of reader1@example.org';

const suppressions = (db: Database) =>
  db.selectFrom('suppressions').select(['addressHash', 'reason', 'createdAt']).execute();
const deliveries = (db: Database) =>
  db.selectFrom('deliveries').select(['subscriberId', 'state', 'reply']).execute();

/** A database, and all that is asked of it. */
async function listening() {
  const real = await startDatabase();
  const statements: CompiledQuery[] = [];
  const db = real.withPlugin({
    transformQuery: ({ node, queryId }) => {
      statements.push(real.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { db, statements };
}

/** Two readers, and an edition on its way to them. */
async function whileSending(): Promise<Database> {
  const db = await startDatabase();
  await fillList(db, 2);
  const edition = await storeEdition(db);
  await beginFreezing(db, edition, morning + hours(24));
  await freezeRange(db, edition, morning);
  await endFreezing(db, edition);
  return db;
}

describe('leaving', () => {
  it('ends the subscription and is remembered as a hash', async () => {
    const db = await startDatabase();
    await fillList(db, 2);
    expect(await leave(db, 1, 'left', morning)).toBe(true);
    expect(await getSubscriber(db, 1)).toMatchObject({ status: 'unsubscribed' });
    expect(await getSubscriber(db, 2)).toMatchObject({ status: 'active' });
    expect(await suppressions(db)).toEqual([
      { addressHash: hash, reason: 'left', createdAt: morning },
    ]);
  });

  it('twice is as once: the first reason and time stay', async () => {
    const db = await startDatabase();
    await fillList(db, 1);
    await leave(db, 1, 'left', morning);
    expect(await leave(db, 1, 'left', morning + hours(1))).toBe(true);
    expect(await leave(db, 1, 'bounced', morning + hours(1))).toBe(true);
    expect(await suppressions(db)).toEqual([
      { addressHash: hash, reason: 'left', createdAt: morning },
    ]);
    expect(await getSubscriber(db, 1)).toMatchObject({ changedAt: morning });
  });

  it.each(['complained', 'editor'] as const)(
    'is %s also for who had left: no sign-up lifts it',
    async reason => {
      const db = await startDatabase();
      await fillList(db, 1);
      await leave(db, 1, 'left', morning);
      await leave(db, 1, reason, morning + hours(1));
      await leave(db, 1, 'left', morning + hours(2));
      expect(await suppressions(db)).toEqual([
        { addressHash: hash, reason, createdAt: morning + hours(1) },
      ]);
    },
  );

  it('skips what waits for the reader, and nothing of others', async () => {
    const db = await whileSending();
    await leave(db, 1, 'left', morning);
    expect(await deliveries(db)).toEqual([
      { subscriberId: 1, state: 'skipped', reply: 'left' },
      { subscriberId: 2, state: 'queued', reply: null },
    ]);
  });

  it('leaves alone what is in flight: its worker will say what came of it', async () => {
    const db = await whileSending();
    await claimDeliveries(db, { editionId: 1, workerId: 'w', limit: 1, now: morning });
    await leave(db, 1, 'left', morning);
    expect((await deliveries(db))[0]).toMatchObject({ subscriberId: 1, state: 'sending' });
  });

  it('is nothing for a number that nobody has', async () => {
    const db = await startDatabase();
    expect(await leave(db, 99, 'left', morning)).toBe(false);
    expect(await suppressions(db)).toEqual([]);
  });
});

describe('forgetting', () => {
  it('deletes the row and its deliveries; the hash alone stays', async () => {
    const db = await whileSending();
    expect(await forget(db, 1, morning)).toBe(true);
    expect(await getSubscriber(db, 1)).toBeUndefined();
    expect((await deliveries(db)).map(row => row.subscriberId)).toEqual([2]);
    expect(await suppressions(db)).toMatchObject([{ addressHash: hash, reason: 'forgotten' }]);
  });

  it('leaves no word of a server about the reader, also where a mail was in flight', async () => {
    const db = await whileSending();
    const claim = { editionId: 1, workerId: 'w', limit: 1, now: morning };
    await claimDeliveries(db, claim);
    await db.updateTable('deliveries').set({ reply: '451 <reader1@example.org> later' }).execute();
    await forget(db, 1, morning);
    const told = async () =>
      (await deliveries(db)).filter(row => row.subscriberId === 1).map(row => row.reply);
    expect(await told()).toEqual([null]);
    const outcome = {
      claim: { editionId: 1, subscriberId: 1 },
      state: 'failed',
      dueAt: morning,
      tried: 1,
      lost: 0,
      code: 550,
      enhanced: '5.1.1',
      reply: '<reader1@example.org> unknown',
      sentAt: null,
    } as const;
    expect(await recordOutcomes(db, 'w', [outcome])).toBe(1);
    expect(await told()).toEqual([null]);
  });

  it('finds what is theirs by its key, however many deliveries there are', async () => {
    const { db, statements } = await listening();
    await fillList(db, 1);
    await forget(db, 1, morning);
    await changeChoices(db, 1, { frequency: 'weekly', pausedUntil: morning + 1 }, morning);
    const change = { subscriberId: 1, address: 'a', addressKey: 'a', addressHash: 'a' };
    await changeAddress(db, { ...change, id: 1, askedAt: morning }, morning);
    const touching = statements.filter(({ sql }) => /"?deliveries/.test(sql));
    expect(touching.length).toBeGreaterThanOrEqual(5);
    for (const query of touching) {
      const explain = CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]);
      const { rows } = await db.executeQuery<{ detail: string }>(explain);
      const scans = rows.filter(({ detail }) => detail.startsWith('SCAN deliveries'));
      expect([query.sql, scans]).toEqual([query.sql, []]);
    }
  });

  it('is done whole or not at all', async () => {
    const db = await whileSending();
    await sql`create trigger disk_full before delete on subscribers
      begin select raise(abort, 'disk full'); end`.execute(db);
    await expect(forget(db, 1, morning)).rejects.toThrow('disk full');
    expect(await suppressions(db)).toEqual([]);
    expect(await getSubscriber(db, 1)).toMatchObject({ status: 'active' });
  });

  it('takes with it what others wished with that address', async () => {
    const db = await whileSending();
    await db
      .insertInto('addressChanges')
      .values({
        subscriberId: 2,
        address: 'reader1@example.org',
        addressKey: 'reader1@example.org',
        addressHash: hash,
        askedAt: morning,
      })
      .execute();
    await forget(db, 1, morning);
    expect(await db.selectFrom('addressChanges').select('id').execute()).toEqual([]);
  });

  it('keeps the address off the list', async () => {
    const db = await startDatabase();
    await fillList(db, 1);
    await forget(db, 1, morning);
    const again = await addSubscribers(db, [aSubscriber('reader1@example.org')], 'x', morning);
    expect(again).toEqual({
      added: new Set(),
      suppressed: new Map([['reader1@example.org', 'forgotten']]),
    });
  });

  it('never gives the number to somebody else', async () => {
    const db = await startDatabase();
    await fillList(db, 1);
    await forget(db, 1, morning);
    await addSubscribers(db, [aSubscriber('new@example.org')], 'x', morning);
    expect(await getSubscriber(db, 1)).toBeUndefined();
    expect(await getSubscriber(db, 2)).toMatchObject({ address: 'new@example.org' });
  });

  it('is nothing for a number that nobody has', async () => {
    expect(await forget(await startDatabase(), 99, morning)).toBe(false);
  });
});

describe('lifting a suppression', () => {
  it('makes the reader active again', async () => {
    const db = await startDatabase();
    await fillList(db, 1);
    await leave(db, 1, 'editor', morning);
    expect(await unsuppress(db, hash, morning + hours(1))).toBe(1);
    expect(await getSubscriber(db, 1)).toMatchObject({ status: 'active' });
    expect(await suppressions(db)).toEqual([]);
  });

  it('lets a forgotten address be added again', async () => {
    const db = await startDatabase();
    await fillList(db, 1);
    await forget(db, 1, morning);
    await unsuppress(db, hash, morning);
    const again = await addSubscribers(db, [aSubscriber('reader1@example.org')], 'x', morning);
    expect(again).toEqual({ added: new Set(['reader1@example.org']), suppressed: new Map() });
  });

  it('is nothing where nothing stands against the address', async () => {
    expect(await unsuppress(await startDatabase(), hash, morning)).toBe(0);
  });
});
