import { describe, expect, it } from 'vitest';
import { paperHistory } from '../../src/delivery/candidates.ts';
import { prepare } from '../../src/delivery/prepare.ts';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { addDays } from '../../src/lib/day.ts';
import { refreshRecent } from '../../src/sources/daily.ts';
import { moveEdition } from '../../src/store/editions.ts';
import { recordSeen } from '../../src/store/papers.ts';
import { aRequest, publishEdition, startApp, type TestApp } from '../support/app.ts';
import { aDigest, aPaper } from '../support/builders.ts';
import { morning } from '../support/runtime.ts';

const [wednesday, thursday] = ['2025-09-03', '2025-09-04'];
const listOf = (date: string, ...titles: string[]) =>
  aDigest({ date, papers: titles.map(title => aPaper({ title, upvotes: 5 })) });

async function picks(app: TestApp, date: string, values: Parameters<typeof aRequest>[0] = {}) {
  const { edition } = await prepare(app.publishing, aRequest({ date, ...values }));
  return edition?.picks.map(({ paper }) => paper.title);
}

/** Wednesday's edition is out, and its list has grown since. */
async function dayAfter() {
  const app = await startApp();
  const id = await publishEdition(app, { date: wednesday, digest: listOf(wednesday, 'In time') });
  await recordSeen(app.db, listOf(wednesday, 'In time', 'Late'), morning);
  return { app, id };
}

describe('a paper that came after its day’s edition', () => {
  it('comes with the next one, and once', async () => {
    const { app } = await dayAfter();
    const order = { date: thursday, digest: listOf(thursday, 'New') };
    expect(await picks(app, thursday, order)).toEqual(['New', 'Late']);
    await publishEdition(app, order);
    expect(await picks(app, '2025-09-05', { digest: listOf('2025-09-05', 'Newer') })).toEqual([
      'Newer',
    ]);
  });

  it('is listed where others are worth more, and was had then', async () => {
    const { app } = await dayAfter();
    await publishEdition(app, { date: thursday, digest: listOf(thursday, 'New'), papers: 1 });
    const next = { digest: listOf('2025-09-05', 'Newer') };
    expect(await picks(app, '2025-09-05', next)).toEqual(['Newer']);
    const past = await paperHistory(app.publishing.memory, '2025-09-05');
    expect(past.find(({ paper }) => paper.title === 'Late')?.history).toEqual({
      outcome: 'listed',
      on: thursday,
    });
  });

  it('makes an edition where the day has nothing else', async () => {
    const { app } = await dayAfter();
    expect(await picks(app, thursday, { digest: listOf(thursday, 'In time') })).toEqual(['Late']);
  });

  it('is in no manual edition, and not in one that starts over', async () => {
    const { app } = await dayAfter();
    const order = { digest: listOf(thursday, 'New') };
    expect(await picks(app, thursday, { ...order, kind: 'manual' })).toEqual(['New']);
    expect(await picks(app, thursday, { ...order, startOver: true })).toEqual(['New']);
  });

  it('waits for a week, and is dropped then', async () => {
    const { app } = await dayAfter();
    const late = async (today: string) => {
      const past = await paperHistory(app.publishing.memory, today);
      return past.find(({ paper }) => paper.title === 'Late')?.history.outcome;
    };
    const week = addDays(wednesday, 7);
    expect(await picks(app, week, { digest: listOf(week, 'New') })).toEqual(['New', 'Late']);
    expect(await late(week)).toBe('waiting');
    const after = addDays(week, 1);
    expect(await picks(app, after, { digest: listOf(after, 'New') })).toEqual(['New']);
    expect(await late(after)).toBe('dropped');
  });

  it('comes again where the edition that had it was cancelled', async () => {
    const { app } = await dayAfter();
    const id = await publishEdition(app, { date: thursday, digest: listOf(thursday, 'New') });
    await moveEdition(app.db, id, ['sending'], 'cancelled');
    expect(await picks(app, '2025-09-05', { digest: listOf('2025-09-05', 'Newer') })).toEqual([
      'Newer',
      'New',
      'Late',
    ]);
  });
});

describe('papers of a day without an edition', () => {
  it('come with the next one', async () => {
    const { app } = await dayAfter();
    await recordSeen(app.db, listOf(thursday, 'Missed'), morning);
    const friday = { digest: listOf('2025-09-05', 'New') };
    expect(await picks(app, '2025-09-05', friday)).toEqual(['New', 'Missed', 'Late']);
  });
});

describe('a weekly edition', () => {
  it('has the week’s top papers with their newest numbers, whatever dailies carried', async () => {
    const { app } = await dayAfter();
    const monday = '2025-09-08';
    const grown = aPaper({ title: 'In time', upvotes: 50 });
    await recordSeen(app.db, aDigest({ date: wednesday, papers: [grown] }), morning);
    await recordSeen(app.db, listOf('2025-08-31', 'Of the week before'), morning);
    const weekly = { kind: 'weekly', digest: listOf('2025-09-05', 'Friday’s') } as const;
    const { edition } = await prepare(app.publishing, aRequest({ date: monday, ...weekly }));
    expect(edition?.picks.map(({ paper }) => [paper.title, paper.upvotes])).toEqual([
      ['In time', 50],
      ['Friday’s', 5],
      ['Late', 5],
    ]);
    expect(edition?.total).toBe(3);
  });

  it('repeats no earlier weekly', async () => {
    const { app } = await dayAfter();
    const digest = listOf(wednesday, 'In time');
    await publishEdition(app, { kind: 'weekly', date: '2025-09-05', digest });
    const next = listOf('2025-09-08', 'Monday’s', 'In time');
    expect(await picks(app, '2025-09-12', { kind: 'weekly', digest: next })).toEqual(['Monday’s']);
  });
});

describe('refreshRecent', () => {
  const friday = '2025-09-05';

  async function refresh(app: TestApp, day: string, load: (day: string) => string[]) {
    const asked: string[] = [];
    await refreshRecent(app, day, async date => {
      asked.push(date);
      return listOf(date, ...load(date));
    });
    return asked;
  }

  it('finds what came late on the three lists before, over the weekend', async () => {
    const app = await startApp();
    await publishEdition(app, { date: '2025-08-20', digest: listOf('2025-08-20', 'First') });
    const asked = await refresh(app, '2025-09-08', day => {
      if (day > friday) throw new EmptyDigestError(`${day}: it lists no papers.`);
      return [`Of ${day}`];
    });
    expect(asked).toEqual(['2025-09-07', '2025-09-06', friday, thursday, wednesday]);
    const digest = listOf('2025-09-08', 'New');
    expect(await picks(app, '2025-09-08', { digest })).toEqual([
      'New',
      `Of ${friday}`,
      `Of ${thursday}`,
      `Of ${wednesday}`,
    ]);
  });

  it('asks for no day before the first edition, and for none before there is one', async () => {
    const app = await startApp();
    expect(await refresh(app, friday, () => ['Paper'])).toEqual([]);
    await publishEdition(app, { date: thursday, digest: listOf(thursday, 'First') });
    expect(await refresh(app, friday, () => ['Paper'])).toEqual([thursday]);
  });

  it('logs what fails, and goes on', async () => {
    const { app } = await dayAfter();
    await refresh(app, friday, day => {
      if (day === thursday) throw new Error('the line is dead');
      return ['Found later'];
    });
    expect(app.runtime.logs).toContainEqual(
      expect.objectContaining({ level: 40, date: thursday, error: 'the line is dead' }),
    );
    expect(await picks(app, friday, { digest: listOf(friday, 'New') })).toContain('Found later');
  });
});
