import { describe, expect, it } from 'vitest';
import {
  findSlot,
  listSlots,
  recordSlot,
  type Slot,
  scheduleSince,
  slotsSince,
  troubleSince,
} from '../../src/store/slots.ts';
import { importedHash, rememberImport } from '../../src/store/subscribers.ts';
import { startDatabase } from '../support/database.ts';
import { hours, morning } from '../support/runtime.ts';

function aSlot(values: Partial<Slot> = {}): Slot {
  return {
    kind: 'daily',
    date: '2025-09-03',
    outcome: 'published',
    reason: null,
    editionId: 1,
    dueAt: morning,
    begunAt: morning,
    decidedAt: morning,
    againAt: null,
    ...values,
  };
}

const failed = aSlot({
  outcome: 'source-failed',
  reason: 'no such file',
  editionId: null,
  decidedAt: morning + hours(1),
});

describe('what a scheduled day came to', () => {
  it('is kept once a day, newest first', async () => {
    const db = await startDatabase();
    const next = aSlot({ date: '2025-09-04', decidedAt: morning + hours(24) });
    await recordSlot(db, aSlot());
    await recordSlot(db, next);
    expect(await listSlots(db, 10)).toEqual([next, aSlot()]);
    expect(await listSlots(db, 1)).toEqual([next]);
  });

  it('is replaced by a later decision of the same day', async () => {
    const db = await startDatabase();
    await recordSlot(db, failed);
    const later = aSlot({ decidedAt: morning + hours(2) });
    await recordSlot(db, later);
    expect(await listSlots(db, 10)).toEqual([later]);
  });

  it('stays "published", whatever a later try on the same day comes to', async () => {
    const db = await startDatabase();
    await recordSlot(db, aSlot());
    await recordSlot(db, failed);
    expect(await listSlots(db, 10)).toEqual([aSlot()]);
  });
});

describe('the days of one kind', () => {
  it('are found from a day on, oldest first', async () => {
    const db = await startDatabase();
    for (const date of ['2025-09-05', '2025-09-03', '2025-09-04']) {
      await recordSlot(db, aSlot({ date }));
    }
    await recordSlot(db, aSlot({ kind: 'weekly', date: '2025-09-04' }));
    const dates = (await slotsSince(db, 'daily', '2025-09-04')).map(({ date }) => date);
    expect(dates).toEqual(['2025-09-04', '2025-09-05']);
    expect(await findSlot(db, 'weekly', '2025-09-04')).toMatchObject({ kind: 'weekly' });
    expect(await findSlot(db, 'weekly', '2025-09-03')).toBeUndefined();
  });

  it('are in trouble since the first that failed after one was published', async () => {
    const db = await startDatabase();
    const record = (day: number, values: Partial<Slot>) =>
      recordSlot(db, aSlot({ date: `2025-09-0${day}`, editionId: null, ...values }));
    await record(1, { outcome: 'failed' });
    await record(2, {});
    await record(3, { outcome: 'source-failed' });
    await record(4, { outcome: 'source-empty' });
    await record(5, { outcome: 'failed', againAt: morning });
    await record(6, { outcome: 'failed', kind: 'weekly' });
    const since = (day: number) => troubleSince(db, 'daily', `2025-09-0${day}`);
    expect(await since(1)).toBe('2025-09-01');
    expect(await since(2)).toBe('2025-09-01');
    expect(await since(3)).toBe('2025-09-03');
    expect(await since(9)).toBe('2025-09-03');
    await record(7, {});
    expect(await since(7)).toBe('2025-09-03');
    expect(await since(8)).toBeNull();
  });
});

describe('a schedule', () => {
  it('holds since it was first seen, until it is another one', async () => {
    const db = await startDatabase();
    const since = (schedule: string, now: number) => scheduleSince(db, 'daily', schedule, now);
    expect(await since('0 8 * * *', morning)).toBe(morning);
    expect(await since('0 8 * * *', morning + hours(24))).toBe(morning);
    expect(await since('0 9 * * *', morning + hours(48))).toBe(morning + hours(48));
  });

  it('does not hold from a time to come: the clock was wrong', async () => {
    const db = await startDatabase();
    await scheduleSince(db, 'daily', '0 8 * * *', morning + hours(24));
    expect(await scheduleSince(db, 'daily', '0 8 * * *', morning)).toBe(morning);
  });
});

describe('what a list file held', () => {
  it('is remembered by its path, the last content alone', async () => {
    const db = await startDatabase();
    expect(await importedHash(db, 'a.csv')).toBeNull();
    await rememberImport(db, 'a.csv', 'one', morning);
    await rememberImport(db, 'b.csv', 'two', morning);
    await rememberImport(db, 'a.csv', 'three', morning);
    expect(await importedHash(db, 'a.csv')).toBe('three');
    expect(await importedHash(db, 'b.csv')).toBe('two');
  });
});
