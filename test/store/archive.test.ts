import { describe, expect, it } from 'vitest';
import type { Edition } from '../../src/edition/edition.ts';
import { addDays } from '../../src/lib/day.ts';
import {
  archiveRows,
  createTitleSearch,
  findPlace,
  placesAround,
  publicAddresses,
  publicPlaces,
} from '../../src/store/archive.ts';
import type { Database } from '../../src/store/database.ts';
import { moveEdition } from '../../src/store/editions.ts';
import { aDigest, anEdition, aPaper } from '../support/builders.ts';
import { startDatabase, storeEdition } from '../support/database.ts';

const anEditionOf = (date: string, values: Partial<Edition> = {}) =>
  anEdition(aDigest({ date }), { date, ...values });

/** An edition of these papers. @returns its id. */
function store(db: Database, date: string, titles: readonly string[], values = {}) {
  const digest = aDigest({ date, papers: titles.map(title => aPaper({ title })) });
  return storeEdition(db, { content: anEdition(digest, { date, subject: 'The day', ...values }) });
}

async function cancel(db: Database, id: number): Promise<void> {
  await moveEdition(db, id, ['freezing'], 'cancelled');
}

/** Five days, of which one is cancelled and one is not public. */
async function fiveDays() {
  const db = await startDatabase();
  const ids: number[] = [];
  for (let day = 0; day < 5; day += 1) {
    const content = anEditionOf(addDays('2025-09-01', day));
    ids.push(await storeEdition(db, { content, public: day !== 3 }));
  }
  await cancel(db, ids[1] ?? 0);
  return { db, ids };
}

describe('the archive', () => {
  it('has what is public and not cancelled, newest first', async () => {
    const { db } = await fiveDays();
    const places = await publicPlaces(db, { before: null, limit: 10 });
    expect(places.map(({ date }) => date)).toEqual(['2025-09-05', '2025-09-03', '2025-09-01']);
    const addresses = await publicAddresses(db, 2);
    expect(addresses).toMatchObject([{ kind: 'daily', date: '2025-09-05', key: '' }, {}]);
  });

  it('is read page by page: every edition once, also those of one day', async () => {
    const db = await startDatabase();
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const date = key < 'd' ? '2025-09-02' : '2025-09-01';
      await storeEdition(db, { content: anEditionOf(date, { kind: 'manual' }), key });
    }
    const seen: number[] = [];
    let before = null;
    for (;;) {
      const places = await publicPlaces(db, { before, limit: 2 });
      if (places.length === 0) break;
      seen.push(...places.map(({ id }) => id));
      before = places.at(-1) ?? null;
    }
    expect(seen).toEqual([3, 2, 1, 5, 4]);
  });

  it('knows what is before and after an edition', async () => {
    const { db, ids } = await fiveDays();
    const around = (at: number) =>
      placesAround(db, { id: ids[at] ?? 0, date: addDays('2025-09-01', at) });
    expect(await around(2)).toMatchObject({ earlier: { id: ids[0] }, later: { id: ids[4] } });
    expect(await around(0)).toMatchObject({ earlier: null, later: { id: ids[2] } });
    expect(await around(4)).toMatchObject({ earlier: { id: ids[2] }, later: null });
  });

  it('says what an edition carried, the lead first', async () => {
    const db = await startDatabase();
    const first = await store(db, '2025-09-01', ['B "quoted"', 'A']);
    const second = await store(db, '2025-09-02', ['C']);
    expect(await archiveRows(db, [first, second])).toEqual([
      { id: second, date: '2025-09-02', kind: 'daily', key: '', subject: 'The day', titles: ['C'] },
      expect.objectContaining({ id: first, titles: ['B "quoted"', 'A'] }),
    ]);
    expect(await archiveRows(db, [])).toEqual([]);
  });
});

describe('an address', () => {
  it('is that of a daily edition on its day', async () => {
    const { db, ids } = await fiveDays();
    const address = { kind: 'daily', date: '2025-09-03' } as const;
    expect(await findPlace(db, address)).toEqual({ id: ids[2], date: '2025-09-03', public: true });
    expect(await findPlace(db, { ...address, date: '2025-09-02' })).toBeNull();
    expect(await findPlace(db, { ...address, date: '2025-10-01' })).toBeNull();
  });

  it('is that of the newest weekly edition of a week', async () => {
    const db = await startDatabase();
    const week = { kind: 'weekly', from: '2025-09-05', to: '2025-09-11' } as const;
    await storeEdition(db, { content: anEditionOf('2025-09-08') });
    expect(await findPlace(db, week)).toBeNull();
    const dates = ['2025-09-04', '2025-09-05', '2025-09-11', '2025-09-12'];
    for (const date of dates) {
      await storeEdition(db, { content: anEditionOf(date, { kind: 'weekly' }) });
    }
    expect(await findPlace(db, week)).toMatchObject({ date: '2025-09-11' });
  });

  it('is that of a manual edition, whatever its day, and of its latest copy', async () => {
    const db = await startDatabase();
    const key = '0123456789abcdef';
    const address = { kind: 'manual', key } as const;
    await storeEdition(db, { content: anEditionOf('2025-09-03'), key });
    expect(await findPlace(db, address)).toBeNull();
    const content = anEditionOf('2025-09-03', { kind: 'manual' });
    const first = await storeEdition(db, { content, key, public: false });
    expect(await findPlace(db, address)).toMatchObject({ id: first, public: false });
    const copy = await storeEdition(db, { content, key: `${key}-2` });
    expect(await findPlace(db, address)).toMatchObject({ id: copy, public: true });
    await cancel(db, copy);
    expect(await findPlace(db, address)).toMatchObject({ id: first });
  });
});

describe('the search for titles', () => {
  async function aSearch() {
    const db = await startDatabase();
    const ids = {
      robots: await store(db, '2025-09-01', ['Robots that Walk', 'Attention Is 100% of It']),
      walks: await store(db, '2025-09-02', ['Random Walks', 'Robots under_scored']),
      greek: await store(db, '2025-09-03', ['Über β-VAE ﬁelds'], { subject: 'Special: Robots' }),
    };
    const search = createTitleSearch(db);
    return { db, ids, search, find: (...words: string[]) => search(words, 100) };
  }

  it('finds all words in one title, or in the subject, newest first', async () => {
    const { ids, find } = await aSearch();
    expect(await find('robots')).toEqual([ids.greek, ids.walks, ids.robots]);
    expect(await find('walk', 'robot')).toEqual([ids.robots]);
    expect(await find('special', 'robots')).toEqual([ids.greek]);
    expect(await find('special', 'vae')).toEqual([]);
    expect(await find('zebra')).toEqual([]);
  });

  it('does not tell large from small letters, in any script', async () => {
    const { ids, find } = await aSearch();
    expect(await find('ÜBER', 'Β-vae')).toEqual([ids.greek]);
    expect(await find('fields')).toEqual([ids.greek]);
  });

  it('takes all characters as they are', async () => {
    const { find } = await aSearch();
    for (const word of ['%', '_', '100%', 'under_']) expect(await find(word)).toHaveLength(1);
    for (const word of ['.*', '"', '\\', "'"]) expect(await find(word)).toEqual([]);
  });

  it('finds no more than it is asked for', async () => {
    const { ids, search } = await aSearch();
    expect(await search(['robots'], 2)).toEqual([ids.greek, ids.walks]);
  });

  it('sees new editions, and none that was cancelled or is not public', async () => {
    const { db, ids, find } = await aSearch();
    await find('robots');
    const fresh = await store(db, '2025-09-04', ['Robots Again']);
    await storeEdition(db, { content: anEditionOf('2025-09-05'), public: false });
    await cancel(db, ids.greek);
    expect(await find('robots')).toEqual([fresh, ids.walks, ids.robots]);
    expect(await find('paper')).toEqual([]);
  });

  it('reads many editions in several turns', async () => {
    const { db, ids } = await aSearch();
    const search = createTitleSearch(db, 2);
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await search(['robots'], 9)).toEqual([ids.greek, ids.walks, ids.robots]);
    }
  });
});
