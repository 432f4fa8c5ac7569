import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeze } from '../../src/delivery/freeze.ts';
import type { Paper } from '../../src/digest/digest.ts';
import type { Edition } from '../../src/edition/edition.ts';
import { latestPublicId } from '../../src/store/archive.ts';
import {
  beginDue,
  beginNow,
  editionWire,
  findEdition,
  getEdition,
  isAnyDue,
  listEditions,
  moveEdition,
  openEditions,
  replaceScheduled,
  resumeFromRelay,
} from '../../src/store/editions.ts';
import { carriedPapers } from '../../src/store/papers.ts';
import { linkKeys } from '../../src/store/settings.ts';
import { statesOf } from '../support/app.ts';
import { aDigest, anEdition, aPaper } from '../support/builders.ts';
import { fillList, startDatabase, storeEdition, tryStoreEdition } from '../support/database.ts';
import { hours, morning, testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

const daily = (date: string, values: Partial<Edition> = {}) =>
  anEdition(aDigest({ date }), { date, ...values });
const identity = { kind: 'daily', date: '2025-09-03', key: '' } as const;

describe('storing an edition', () => {
  it('keeps it whole, with the bytes it is sent as', async () => {
    const db = await startDatabase();
    const content = daily('2025-09-03');
    const id = await storeEdition(db, { content, wire: '["bytes"]' });
    expect(await getEdition(db, id)).toMatchObject({ content, status: 'freezing', public: true });
    expect(await editionWire(db, id)).toBe('["bytes"]');
  });

  it('is done once for a kind, date and key', async () => {
    const db = await startDatabase();
    await storeEdition(db);
    expect(await tryStoreEdition(db)).toBeNull();
    expect(await tryStoreEdition(db, { key: 'another' })).not.toBeNull();
    expect(await tryStoreEdition(db, { content: daily('2025-09-04') })).not.toBeNull();
    expect(await tryStoreEdition(db, { content: daily('2025-09-03', { kind: 'weekly' }) })).toBe(4);
  });

  it('is done once where two try at the same time', async () => {
    const path = join(tempFolder(), 'papers.db');
    const handles = [await startDatabase({ path }), await startDatabase({ path })];
    const ids = await Promise.all(handles.map(db => tryStoreEdition(db)));
    expect(ids.filter(id => id !== null)).toHaveLength(1);
  });

  it('frees the key when it is cancelled', async () => {
    const db = await startDatabase();
    const first = await storeEdition(db);
    await moveEdition(db, first, ['freezing'], 'cancelled');
    const second = await storeEdition(db);
    expect(second).not.toBe(first);
    expect(await findEdition(db, identity)).toMatchObject({ id: second });
  });
});

describe('moving an edition', () => {
  it('happens only from where it was expected to be', async () => {
    const db = await startDatabase();
    const id = await storeEdition(db);
    expect(await moveEdition(db, id, ['sending'], 'paused')).toBe(false);
    expect(await moveEdition(db, id, ['freezing'], 'sending')).toBe(true);
    const change = { pausedBy: 'policy', reason: '535 no' } as const;
    expect(await moveEdition(db, id, ['sending'], 'paused', change)).toBe(true);
    expect(await getEdition(db, id)).toMatchObject({ status: 'paused', ...change });
  });

  it('forgets why it was paused when it goes on', async () => {
    const db = await startDatabase();
    const id = await storeEdition(db);
    await moveEdition(db, id, ['freezing'], 'paused', { pausedBy: 'operator', reason: 'x' });
    expect(await resumeFromRelay(db, id)).toBe(false);
    await moveEdition(db, id, ['paused'], 'sending');
    expect(await getEdition(db, id)).toMatchObject({ pausedBy: null, reason: null });
  });
});

describe('looking for editions', () => {
  it('finds the open ones, oldest first', async () => {
    const db = await startDatabase();
    const ids = [];
    for (const date of ['2025-09-01', '2025-09-02', '2025-09-03', '2025-09-04']) {
      ids.push(await storeEdition(db, { content: daily(date) }));
    }
    const [first = 0, second = 0, third = 0, fourth = 0] = ids;
    await moveEdition(db, first, ['freezing'], 'sending');
    await moveEdition(db, second, ['freezing'], 'sent');
    await moveEdition(db, third, ['freezing'], 'paused');
    expect(await openEditions(db)).toEqual([first, fourth]);
    expect((await listEditions(db, 2)).map(({ id }) => id)).toEqual([fourth, third]);
  });

  it('finds the latest that is public and not cancelled', async () => {
    const db = await startDatabase();
    await storeEdition(db, { content: daily('2025-09-01') });
    const wanted = await storeEdition(db, { content: daily('2025-09-02') });
    await storeEdition(db, { content: daily('2025-09-03'), public: false });
    const cancelled = await storeEdition(db, { content: daily('2025-09-04') });
    await moveEdition(db, cancelled, ['freezing'], 'cancelled');
    expect(await latestPublicId(db)).toBe(wanted);
  });
});

describe('papers that were carried', () => {
  const withId = aPaper({ title: 'Known By Its Number', arxivId: '2509.00001' });
  const withTitle = aPaper({ title: 'Known By Its Title' });
  const content = daily('2025-09-02', {
    picks: [withId, withTitle].map((paper, at) => ({ position: at + 1, paper })),
  });
  const carriedBy = async (edition: Edition, before: string, paper: Paper) => {
    const db = await startDatabase();
    await storeEdition(db, { content: edition });
    return (await carriedPapers(db, 'daily', before, [paper])).has(paper);
  };

  it('are known by their number or by their title', async () => {
    const renamed = { ...withId, title: 'Renamed', titleKey: 'renamed' };
    const numbered = { ...withTitle, arxivId: '2509.00002' };
    expect(await carriedBy(content, '2025-09-03', renamed)).toBe(true);
    expect(await carriedBy(content, '2025-09-03', numbered)).toBe(true);
  });

  it('are not others without a number', async () => {
    expect(await carriedBy(content, '2025-09-03', aPaper({ title: 'New' }))).toBe(false);
  });

  it('are those of a later day, too, which was ordered before', async () => {
    expect(await carriedBy(content, '2025-09-01', withId)).toBe(true);
  });

  it('are those of other days: not of the same day, so that a rerun picks the same', async () => {
    expect(await carriedBy(content, '2025-09-02', withId)).toBe(false);
  });

  it('are those of the same kind', async () => {
    expect(await carriedBy({ ...content, kind: 'manual' }, '2025-09-03', withId)).toBe(false);
  });

  it('are free again when their edition is cancelled', async () => {
    const db = await startDatabase();
    const id = await storeEdition(db, { content });
    await moveEdition(db, id, ['freezing'], 'cancelled');
    expect((await carriedPapers(db, 'daily', '2025-09-03', [withId])).has(withId)).toBe(false);
  });
});

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
