import { describe, expect, it } from 'vitest';
import { freeze } from '../../src/delivery/freeze.ts';
import { latestPublicId } from '../../src/store/archive.ts';
import {
  beginDue,
  beginNow,
  getEdition,
  isAnyDue,
  replaceScheduled,
} from '../../src/store/editions.ts';
import { linkKeys } from '../../src/store/settings.ts';
import { statesOf } from '../support/app.ts';
import { anEdition } from '../support/builders.ts';
import { fillList, startDatabase, storeEdition } from '../support/database.ts';
import { hours, morning, testRuntime } from '../support/runtime.ts';

const at = morning + hours(2);

describe('a scheduled edition', () => {
  it('begins once its time has come, and once only', async () => {
    const db = await startDatabase();
    const id = await storeEdition(db, { sendAt: at });
    expect([await isAnyDue(db, at - 1), await beginDue(db, at - 1)]).toEqual([false, []]);
    expect(await isAnyDue(db, at)).toBe(true);
    const begun = await Promise.all([beginDue(db, at), beginDue(db, at)]);
    expect(begun.flat()).toEqual([id]);
  });

  it('goes to who is on the list by then', async () => {
    const runtime = testRuntime();
    const db = await startDatabase({ runtime });
    const id = await storeEdition(db, { sendAt: at });
    await fillList(db, 3);
    await beginDue(db, at);
    await freeze(db, runtime, id);
    expect(await statesOf({ db }, id)).toEqual({ queued: 3 });
  });

  it('is not seen on the web before its time', async () => {
    const db = await startDatabase();
    const id = await storeEdition(db, { sendAt: at, public: true });
    expect(await latestPublicId(db)).toBeNull();
    await beginDue(db, at);
    expect(await latestPublicId(db)).toBe(id);
  });

  it('may get other words and another time, until it begins', async () => {
    const db = await startDatabase();
    const id = await storeEdition(db, { sendAt: at });
    const [{ id: linkKeyId }] = await linkKeys(db, testRuntime());
    const other = {
      key: '',
      content: anEdition(undefined, { subject: 'Other', date: '2025-09-04' }),
      wire: '["other"]',
      linkKeyId,
      audience: 'readers',
      public: true,
      expiresAt: at + hours(25),
      sendAt: at + hours(1),
    } as const;
    expect(await replaceScheduled(db, id, other)).toBe(true);
    expect(await beginDue(db, at)).toEqual([]);
    expect(await latestPublicId(db)).toBeNull();
    await beginNow(db, id, at);
    const begun = { subject: 'Other', date: '2025-09-04', sendAt: at };
    expect(await getEdition(db, id)).toMatchObject(begun);
    expect(await replaceScheduled(db, id, other)).toBe(false);
    expect(await beginDue(db, at + hours(99))).toEqual([]);
  });
});
