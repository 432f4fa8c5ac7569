import { describe, expect, it } from 'vitest';
import { importedHash, rememberImport } from '../../src/store/lists.ts';
import { listSlots, recordSlot, type Slot } from '../../src/store/slots.ts';
import { startDatabase } from '../support/database.ts';
import { hours, morning } from '../support/runtime.ts';

function aSlot(values: Partial<Slot> = {}): Slot {
  return {
    kind: 'daily',
    date: '2025-09-03',
    outcome: 'published',
    reason: null,
    editionId: 1,
    decidedAt: morning,
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
