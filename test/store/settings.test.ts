import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  linkKeys,
  rememberSmtputf8,
  settle,
  smtputf8Offered,
  suppressionKey,
} from '../../src/store/settings.ts';
import { startDatabase } from '../support/database.ts';
import { testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Two programs' handles on one database. */
async function twoHandles() {
  const path = join(tempFolder(), 'papers.db');
  return [await startDatabase({ path }), await startDatabase({ path })] as const;
}

describe('a setting that is kept', () => {
  it('is made once and read from then on', async () => {
    const db = await startDatabase();
    expect(await settle(db, 'mode', () => 'real')).toBe('real');
    expect(await settle(db, 'mode', () => 'demo')).toBe('real');
  });

  it('is the same for two that ask at once', async () => {
    const [one, other] = await twoHandles();
    const kept = await Promise.all([
      settle(one, 'mode', () => 'one'),
      settle(other, 'mode', () => 'other'),
    ]);
    expect(kept[0]).toBe(kept[1]);
  });
});

describe('whether the server offers SMTPUTF8', () => {
  it('is unknown at first, and then what was seen last', async () => {
    const db = await startDatabase();
    expect(await smtputf8Offered(db)).toBeNull();
    for (const offered of [false, true, true, false]) {
      await rememberSmtputf8(db, offered);
      expect(await smtputf8Offered(db)).toBe(offered);
    }
  });

  it('is written only where it changed', async () => {
    const db = await startDatabase();
    const changes = async () =>
      (await sql<{ count: number }>`select total_changes() as count`.execute(db)).rows[0]?.count;
    const before = Number(await changes());
    for (const offered of [true, true, true, false, false]) await rememberSmtputf8(db, offered);
    expect(await changes()).toBe(before + 2);
  });
});

describe('keys', () => {
  it('are random, and the same for two programs that start at once', async () => {
    const [one, other] = await twoHandles();
    const keys = await Promise.all([
      suppressionKey(one, testRuntime()),
      suppressionKey(other, testRuntime()),
    ]);
    expect(keys[0]).toHaveLength(32);
    expect(keys[0]).toEqual(keys[1]);
  });

  it('that sign links are the same for two programs, the newest first', async () => {
    const [one, other] = await twoHandles();
    const keys = await Promise.all([linkKeys(one, testRuntime()), linkKeys(other, testRuntime())]);
    expect(keys[0]).toEqual(keys[1]);
    const row = { id: 2, key: Buffer.alloc(32, 2).toString('base64url'), createdAt: 0 };
    await one.updateTable('linkKeys').set({ retiredAt: 1 }).execute();
    await one
      .insertInto('linkKeys')
      .values({ ...row, retiredAt: null })
      .execute();
    const [newest, older] = await linkKeys(other, testRuntime());
    expect(newest).toEqual({ id: 2, key: Buffer.alloc(32, 2), retired: false });
    expect(older).toMatchObject({ id: 1, retired: true });
  });

  it('differ from database to database', async () => {
    const [one, other] = [await startDatabase(), await startDatabase()];
    expect(await suppressionKey(one, testRuntime())).not.toEqual(
      await suppressionKey(other, testRuntime()),
    );
  });
});
