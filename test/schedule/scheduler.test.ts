import { describe, expect, it } from 'vitest';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import type { Day } from '../../src/lib/day.ts';
import { InputError } from '../../src/lib/errors.ts';
import { lookAgainAfter } from '../../src/schedule/due.ts';
import {
  nextEdition,
  runRound,
  runScheduler,
  type ScheduleParts,
} from '../../src/schedule/scheduler.ts';
import { listEditions } from '../../src/store/editions.ts';
import { listSlots } from '../../src/store/slots.ts';
import { seeded } from '../chaos/seeded.ts';
import { addReaders, startApp, type TestApp } from '../support/app.ts';
import { aDigest, aPaper } from '../support/builders.ts';
import { hours, minutes, morning, testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

const daily = {
  kind: 'daily',
  expression: '0 8 * * *',
} as const;
const weekly = {
  kind: 'weekly',
  expression: '0 9 * * 1',
} as const;

/** A list of one paper for each day. */
const listOf = async (_kind: string, date: Day) =>
  aDigest({ date, papers: [aPaper({ title: `The paper of ${date}` })] });

function partsOf({ publishing }: TestApp, values: Partial<ScheduleParts> = {}): ScheduleParts {
  return {
    publishing,
    load: listOf,
    listsByDay: false,
    papers: 10,
    startOver: false,
    schedules: [daily],
    timeZone: 'UTC',
    catchUp: hours(12),
    admin: 'operator@example.org',
    ...values,
  };
}

/** A program that has run since the evening before. */
async function startEarlier(): Promise<TestApp> {
  const app = await startApp();
  app.runtime.time = morning - hours(12);
  await runRound(partsOf(app));
  return app;
}

const datesOf = async ({ db }: TestApp) =>
  (await listEditions(db, 99)).map(({ content }) => content.date).sort();
const slotsOf = async ({ db }: TestApp) =>
  (await listSlots(db, 99)).map(({ date, outcome }) => [date, outcome]).sort();

describe('the schedule', () => {
  it('publishes at its time, not before, and once', async () => {
    const app = await startEarlier();
    const parts = partsOf(app);
    app.runtime.time = morning - 1;
    expect(await runRound(parts)).toEqual([]);
    app.runtime.time = morning;
    expect(await runRound(parts)).toMatchObject([
      { kind: 'daily', date: '2025-09-03', outcome: 'published', dueAt: morning },
    ]);
    app.runtime.time += minutes(1);
    expect(await runRound(parts)).toEqual([]);
  });

  it('sends no backlog at its first start, nor when it is changed', async () => {
    const app = await startApp();
    app.runtime.time = morning + hours(3);
    expect(await runRound(partsOf(app))).toEqual([]);
    const expression = '0 9 * * *';
    const earlier = { kind: 'daily', expression } as const;
    expect(await runRound(partsOf(app, { schedules: [earlier] }))).toEqual([]);
    app.runtime.time += hours(22);
    expect(await runRound(partsOf(app, { schedules: [earlier] }))).toMatchObject([
      { date: '2025-09-04', outcome: 'published' },
    ]);
  });

  it('makes up for the newest day after two days off, and says why the other had none', async () => {
    const app = await startEarlier();
    app.runtime.time = morning + hours(24 + 3);
    await runRound(partsOf(app));
    expect(await datesOf(app)).toEqual(['2025-09-04']);
    expect(await listSlots(app.db, 9)).toMatchObject([
      { date: '2025-09-04', outcome: 'published' },
      {
        date: '2025-09-03',
        outcome: 'skipped',
        reason: 'missed: nothing ran at its time, nor for 27 h after it (CATCH_UP is 12 h)',
      },
    ]);
  });

  it('does not publish what was sent by hand', async () => {
    const app = await startEarlier();
    app.runtime.time = morning;
    const load = () => Promise.reject(new Error('it is not asked'));
    await runRound(partsOf(app));
    await app.db.deleteFrom('slots').execute();
    expect(await runRound(partsOf(app, { load }))).toMatchObject([
      { outcome: 'published', editionId: 1 },
    ]);
  });

  it('looks again for a list that is late, every quarter of an hour', async () => {
    const app = await startEarlier();
    const asked: number[] = [];
    const load = async (kind: string, date: Day) => {
      asked.push(app.runtime.time - morning);
      if (asked.length < 3) throw new EmptyDigestError('it lists no papers');
      return listOf(kind, date);
    };
    for (let minute = 0; minute < 60; minute += 1) {
      app.runtime.time = morning + minutes(minute);
      await runRound(partsOf(app, { load }));
    }
    expect(asked).toEqual([0, lookAgainAfter, 2 * lookAgainAfter]);
    expect(await slotsOf(app)).toEqual([['2025-09-03', 'published']]);
  });

  it('keeps one kind from its readers for no fault of the other', async () => {
    const app = await startApp();
    await addReaders(app, ['emmy@example.org'], 'weekly');
    app.runtime.time = Date.UTC(2025, 8, 7, 12);
    const load = (kind: string, date: Day) =>
      kind === 'daily' ? Promise.reject(new InputError('down')) : listOf(kind, date);
    const parts = partsOf(app, { schedules: [daily, weekly], load });
    await runRound(parts);
    app.runtime.time = Date.UTC(2025, 8, 8, 9);
    await runRound(parts);
    expect(await slotsOf(app)).toEqual([
      ['2025-09-08', 'published'],
      ['2025-09-08', 'source-failed'],
    ]);
    expect(await listEditions(app.db, 9)).toMatchObject([{ kind: 'weekly', date: '2025-09-08' }]);
  });

  it('says when the next edition is due', async () => {
    const app = await startEarlier();
    expect(await nextEdition(partsOf(app), daily)).toBe(morning);
    app.runtime.time = morning;
    await runRound(partsOf(app));
    app.runtime.time -= minutes(1);
    expect(await nextEdition(partsOf(app), daily)).toBe(morning + hours(24));
  });
});

describe('two schedulers on one database', () => {
  it('publish each day once, restarted at random, with clocks that jump', async () => {
    const random = seeded(20250903);
    const folder = tempFolder();
    const runtime = testRuntime();
    const apps = [await startApp({}, { folder, runtime }), await startApp({}, { folder, runtime })];
    const due = new Set<Day>();
    runtime.time = morning - hours(9);
    const end = morning + hours(24 * 4);
    await Promise.all(apps.map(app => runRound(partsOf(app))));
    while (runtime.time < end) {
      const jump = random() < 0.15 ? -random() * 20 : random() * 7;
      runtime.time += minutes(Math.round(jump * 60) + 11);
      const midnight = Math.floor(runtime.time / hours(24)) * hours(24);
      const late = runtime.time - midnight - hours(8);
      const day = new Date(midnight).toISOString().slice(0, 10);
      if (late >= 0 && late <= hours(12) && midnight + hours(8) > morning - hours(9)) due.add(day);
      const who = random() < 0.5 ? apps : apps.slice(random() < 0.5 ? 1 : 0).slice(0, 1);
      // A program that starts again knows nothing but what is in the database.
      await Promise.all(who.map(app => runRound(partsOf(app))));
    }
    const [app] = apps;
    if (!app) throw new Error('no app');
    expect(due.size).toBeGreaterThan(3);
    expect(await datesOf(app)).toEqual([...due].sort());
  });
});

describe('the operator', () => {
  const down = () => Promise.reject(new InputError('https://papers.test: it does not answer'));
  const noticesOf = async ({ db }: TestApp) =>
    (
      await db
        .selectFrom('notices')
        .select(['purpose', 'address', 'content'])
        .orderBy('id')
        .execute()
    ).map(({ content, ...rest }) => ({ ...rest, about: JSON.parse(content ?? '{}') }));

  /** A beat each 20 minutes of a day, from its morning on. */
  async function live(app: TestApp, day: number, values: Partial<ScheduleParts> = {}) {
    for (let beat = 0; beat < 24; beat += 1) {
      app.runtime.time = morning + hours(24 * day) + minutes(20 * beat);
      await runRound(partsOf(app, values));
    }
  }

  it('is told once that the source is down, when the day has ended without, and once that it is up', async () => {
    const app = await startEarlier();
    app.runtime.time = morning + hours(5);
    await runRound(partsOf(app, { load: down }));
    expect(await noticesOf(app)).toEqual([]);
    await live(app, 0, { load: down });
    await live(app, 1, { load: down });
    const [trouble, ...others] = await noticesOf(app);
    expect(others).toEqual([]);
    expect(trouble).toMatchObject({
      purpose: 'trouble',
      address: 'operator@example.org',
      about: {
        kind: 'daily',
        date: '2025-09-03',
        reason: 'https://papers.test: it does not answer',
      },
    });
    await live(app, 2);
    await live(app, 3);
    const notices = await noticesOf(app);
    expect(notices).toHaveLength(2);
    expect(notices[1]).toMatchObject({
      purpose: 'recovered',
      about: { date: '2025-09-05', since: '2025-09-03' },
    });
    await live(app, 4, { load: down });
    await live(app, 5);
    expect((await noticesOf(app)).map(({ purpose }) => purpose)).toEqual([
      'trouble',
      'recovered',
      'trouble',
      'recovered',
    ]);
  });

  it('is told by the next start, where the program was killed right before', async () => {
    const app = await startEarlier();
    for (const load of [down, listOf]) {
      const before = (await noticesOf(app)).length;
      await live(app, before, { load, admin: null });
      expect(await noticesOf(app)).toHaveLength(before);
      app.runtime.time += minutes(1);
      for (const _ of [1, 2]) await runRound(partsOf(app, { load: down }));
    }
    expect((await noticesOf(app)).map(({ purpose }) => purpose)).toEqual(['trouble', 'recovered']);
  });

  it('is told once of a source that has had nothing for two weeks', async () => {
    const app = await startEarlier();
    const old = { load: async (kind: string) => listOf(kind, '2025-09-03'), listsByDay: true };
    for (let day = 0; day < 20; day += 1) {
      for (const hour of [0, 7]) {
        app.runtime.time = morning + hours(24 * day + hour);
        await runRound(partsOf(app, old));
      }
      expect(await noticesOf(app)).toHaveLength(day < 15 ? 0 : 1);
    }
    expect(await noticesOf(app)).toMatchObject([
      {
        purpose: 'trouble',
        about: {
          date: '2025-09-18',
          reason:
            'no edition since 2025-09-04. This time: ' +
            'the source has no list of 2025-09-18; its latest is of 2025-09-03',
        },
      },
    ]);
    await live(app, 20);
    expect((await noticesOf(app)).map(({ purpose }) => purpose)).toEqual(['trouble', 'recovered']);
  });

  it('is told nothing of weekends, holidays, missed days or lists without news', async () => {
    const app = await startEarlier();
    const empty = () => Promise.reject(new EmptyDigestError('it lists no papers'));
    await live(app, 0, { load: empty });
    await live(app, 3, { load: empty });
    await live(app, 4);
    await live(app, 5, { load: kind => listOf(kind, '2025-09-07') });
    expect(new Set((await slotsOf(app)).map(([, outcome]) => outcome))).toEqual(
      new Set(['source-empty', 'skipped', 'published']),
    );
    expect(await noticesOf(app)).toEqual([]);
  });

  it('is told nothing where ADMIN_EMAIL named nobody', async () => {
    const app = await startEarlier();
    await live(app, 0, { load: down, admin: null });
    expect(await slotsOf(app)).toEqual([['2025-09-03', 'source-failed']]);
    // Nor that all is well again, by who has not heard that it was not.
    await live(app, 1);
    expect(await noticesOf(app)).toEqual([]);
  });
});

describe('the scheduler', () => {
  it('looks each minute, tells of what was published, and ends when it is told to', async () => {
    const app = await startEarlier();
    app.runtime.time = morning - minutes(3);
    const ending = new AbortController();
    const told: unknown[] = [];
    const onSlot = (slot: { readonly dueAt: number; readonly decidedAt: number }) => {
      told.push(slot.decidedAt - slot.dueAt);
      ending.abort();
    };
    await runScheduler(partsOf(app), onSlot, ending.signal);
    expect(told).toEqual([0]);
  });
});
