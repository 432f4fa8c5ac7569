import { describe, expect, it } from 'vitest';
import { moveEdition } from '../../src/store/editions.ts';
import {
  carriedOn,
  countReadersOf,
  firstDigestDay,
  forgetOldDigests,
  keepAnswer,
  recordSeen,
  seenPapers,
} from '../../src/store/papers.ts';
import { keptAnswers } from '../support/answers.ts';
import { addReaders, publishEdition, startApp } from '../support/app.ts';
import { aDigest, anEdition, aPaper, papers } from '../support/builders.ts';
import { startDatabase, storeEdition } from '../support/database.ts';
import { days, hours, morning } from '../support/runtime.ts';

const anAnswer = {
  url: 'https://papers.example.org/list',
  fetchedAt: morning,
  status: 200,
  contentType: 'application/json',
  body: Buffer.from('[{"title": "Zürich"}]'),
};

describe('answers', () => {
  it('are kept byte by byte, in the order in which they came', async () => {
    const db = await startDatabase();
    const other = { ...anAnswer, fetchedAt: morning + 1, body: Buffer.from([0, 255, 128]) };
    await keepAnswer(db, other);
    await keepAnswer(db, anAnswer);
    expect(await keptAnswers(db, morning)).toEqual([anAnswer, other]);
    expect(await keptAnswers(db, morning + 1)).toEqual([other]);
  });

  it('take no more room where a source says the same again', async () => {
    const db = await startDatabase();
    for (const fetchedAt of [morning, morning + hours(1)]) {
      await keepAnswer(db, { ...anAnswer, fetchedAt });
    }
    expect(await keptAnswers(db, 0)).toEqual([{ ...anAnswer, fetchedAt: morning + hours(1) }]);
  });

  it('are forgotten after 30 days, with the papers read in them', async () => {
    const db = await startDatabase();
    await keepAnswer(db, anAnswer);
    await recordSeen(db, aDigest(), morning);
    const day = { from: '2025-09-03', to: '2025-09-03' };
    await forgetOldDigests(db, morning + days(30));
    expect([await keptAnswers(db, 0), await seenPapers(db, day)].map(all => all.length)).toEqual([
      1, 3,
    ]);
    await forgetOldDigests(db, morning + days(30) + 1);
    expect([await keptAnswers(db, 0), await seenPapers(db, day)]).toEqual([[], []]);
  });
});

describe('papers that were seen', () => {
  it('are those of the days asked for, in the order of their lists', async () => {
    const db = await startDatabase();
    for (const date of ['2025-09-01', '2025-09-02', '2025-09-03']) {
      await recordSeen(db, aDigest({ date, papers: papers(2) }), morning);
    }
    const seen = await seenPapers(db, { from: '2025-09-02', to: '2025-09-03' });
    expect(seen.map(({ day, paper }) => `${day} ${paper.title}`)).toEqual([
      '2025-09-03 Paper 1',
      '2025-09-03 Paper 2',
      '2025-09-02 Paper 1',
      '2025-09-02 Paper 2',
    ]);
    expect(seen[0]?.paper).toEqual(papers(1)[0]);
  });

  it('have the newest numbers, and stay when their list loses them', async () => {
    const db = await startDatabase();
    const [first, second] = [aPaper({ title: 'A', upvotes: 1 }), aPaper({ title: 'B' })];
    await recordSeen(db, aDigest({ papers: [first, second] }), morning);
    await recordSeen(db, aDigest({ papers: [{ ...first, upvotes: 7 }] }), morning + hours(24));
    const seen = await seenPapers(db, { from: '2025-09-03', to: '2025-09-03' });
    expect(seen.map(({ paper }) => [paper.title, paper.upvotes])).toEqual([
      ['A', 7],
      ['B', null],
    ]);
  });
});

describe('what editions had', () => {
  const always = { from: '2025-01-01', before: '2026-01-01' };
  const edition = (date: string, count = 12) => ({
    content: anEdition(aDigest({ date, papers: papers(count) })),
  });

  it('is picked or listed, by the date of the first edition that had it', async () => {
    const db = await startDatabase();
    await storeEdition(db, edition('2025-09-03'));
    await storeEdition(db, edition('2025-09-04'));
    const { picked, listed } = await carriedOn(db, 'daily', always);
    expect(picked.get(aPaper({ title: 'Paper 10' }))).toBe('2025-09-03');
    expect(listed.get(aPaper({ title: 'Paper 11' }))).toBe('2025-09-03');
    expect(listed.has(aPaper({ title: 'Paper 10' }))).toBe(false);
    expect(await firstDigestDay(db, 'daily')).toBe('2025-09-03');
  });

  it('is of the dates and the kind asked for, and of no cancelled edition', async () => {
    const db = await startDatabase();
    const id = await storeEdition(db, edition('2025-09-03'));
    const has = async (kind: 'daily' | 'weekly', from: string, before: string) =>
      (await carriedOn(db, kind, { from, before })).picked.has(aPaper({ title: 'Paper 1' }));
    expect(await has('daily', '2025-09-03', '2025-09-04')).toBe(true);
    expect(await has('daily', '2025-09-02', '2025-09-03')).toBe(false);
    expect(await has('daily', '2025-09-04', '2025-09-05')).toBe(false);
    expect(await has('weekly', '2025-09-03', '2025-09-04')).toBe(false);
    await moveEdition(db, id, ['freezing'], 'cancelled');
    expect(await has('daily', '2025-09-03', '2025-09-04')).toBe(false);
    expect(await firstDigestDay(db, 'daily')).toBeNull();
  });
});

const date = '2025-09-03';
const papersOf = (...titles: string[]) => titles.map(title => aPaper({ title }));

describe('who has these papers today', () => {
  it('is who got more than half of them by another edition that was not cancelled', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org', 'alan@example.org']);
    await addReaders(app, ['emmy@example.org'], 'weekly');
    const papers = papersOf('One', 'Two', 'Three');
    const id = await publishEdition(app, { digest: aDigest({ papers }) });
    const readers = (papers: ReturnType<typeof papersOf>, values = {}) =>
      countReadersOf(app.db, papers, { date, except: null, ...values });
    expect(await readers(papers)).toBe(2);
    expect(await readers(papersOf('One', 'Two', 'Four'))).toBe(2);
    expect(await readers(papersOf('One', 'Four'))).toBe(0);
    expect(await readers(papers, { except: id })).toBe(0);
    expect(await readers(papers, { date: '2025-09-04' })).toBe(0);
    await moveEdition(app.db, id, ['sending'], 'cancelled');
    expect(await readers(papers)).toBe(0);
  });
});
