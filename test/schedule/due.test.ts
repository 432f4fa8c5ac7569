import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, localDay } from '../../src/lib/day.ts';
import { zonedInstant } from '../../src/lib/zoned-time.ts';
import { due, lookAgainAfter, lookFor, nextInstant, onTime } from '../../src/schedule/due.ts';
import { aPlan, aSlot, every, hour, keepTo } from './support/simulate.ts';

const berlin = { timeZone: 'Europe/Berlin' } as const;
const minute = hour / 60;
/** 08:00 in Berlin. */
const eight = Date.UTC(2025, 8, 3, 6);
const today = '2025-09-03';
const yesterday = aSlot('2025-09-02', eight - 24 * hour);
const eightDaily = aPlan('0 8 * * *', { ...berlin, since: eight - 40 * hour });
const dueAt = (now: number, known = [yesterday], plan = eightDaily) => due(plan, known, now);
const look = { date: today, at: eight, act: 'look', last: false };

describe('what is due', () => {
  it('is the edition at its time, not before, and not once it is published', () => {
    expect(dueAt(eight - 1)).toEqual([]);
    expect(dueAt(eight)).toEqual([look]);
    expect(dueAt(eight + 1, [yesterday, aSlot(today, eight)])).toEqual([]);
  });

  it('is caught up after the machine was off from 07:50 to 11:00', () => {
    expect(dueAt(eight + 3 * hour)).toEqual([look]);
  });

  it('is one edition after two days off, and the other days are skipped', () => {
    const before = [aSlot('2025-08-31', eight - 72 * hour)];
    const plan = { ...eightDaily, since: 0 };
    const known = [...Array(40).keys()].map(ago => aSlot(addDays('2025-08-31', -ago), 0));
    expect(due(plan, [...known, ...before], eight + 3 * hour)).toEqual([
      { date: '2025-09-01', at: eight - 48 * hour, act: 'skip' },
      { date: '2025-09-02', at: eight - 24 * hour, act: 'skip' },
      look,
    ]);
  });

  it('is only the newest where CATCH_UP is longer than a day', () => {
    const plan = { ...eightDaily, catchUp: 48 * hour };
    expect(due(plan, [], eight + hour)).toMatchObject([{ act: 'skip' }, { act: 'look' }]);
  });

  it('is skipped where it is later than CATCH_UP', () => {
    expect(dueAt(eight + 12 * hour)).toEqual([look]);
    expect(dueAt(eight + 12 * hour + 1)).toEqual([{ date: today, at: eight, act: 'skip' }]);
  });

  it('without CATCH_UP still lets the beat be a little late', () => {
    const plan = { ...eightDaily, catchUp: 0 };
    expect(dueAt(eight + onTime, [yesterday], plan)).toMatchObject([{ act: 'look' }]);
    expect(dueAt(eight + onTime + 1, [yesterday], plan)).toMatchObject([{ act: 'skip' }]);
  });

  it('is nothing of what was before the schedule held', () => {
    const plan = { ...eightDaily, since: eight + 1 };
    expect(due(plan, [], eight + 3 * hour)).toEqual([]);
    expect(due(plan, [], eight + 24 * hour)).toMatchObject([{ date: '2025-09-04', act: 'look' }]);
  });

  it('goes back a month at most', () => {
    const acts = due({ ...eightDaily, since: 0 }, [], eight + hour);
    expect(acts).toHaveLength(32);
    expect(acts[0]).toMatchObject({ date: '2025-08-03', act: 'skip' });
  });

  it('is the first time of a day where a schedule names several', () => {
    const plan = aPlan('0 8,17 * * *', berlin);
    const known = [...Array(40).keys()].map(ago => aSlot(addDays(today, -ago), eight));
    expect(due(plan, known, eight + 9 * hour)).toEqual([]);
  });

  it('is on the weekdays that the schedule names', () => {
    const mondays = aPlan('0 9 * * 1', { ...berlin, since: eight });
    const found = [...Array(30).keys()].flatMap(day =>
      due(mondays, [], eight + (1 + 24 * day) * hour),
    );
    expect([...new Set(found.map(({ date }) => date))]).toEqual([
      '2025-09-08',
      '2025-09-15',
      '2025-09-22',
      '2025-09-29',
    ]);
  });
});

describe('a day that was looked at in vain', () => {
  const open = (values = {}) => [
    yesterday,
    aSlot(today, eight, { outcome: 'source-empty', againAt: eight + lookAgainAfter, ...values }),
  ];

  it('is looked at again, for the last time when the hours are over', () => {
    expect(dueAt(eight + lookAgainAfter - 1, open())).toEqual([]);
    expect(dueAt(eight + lookAgainAfter, open())).toEqual([look]);
    expect(dueAt(eight + lookFor, open())).toEqual([{ ...look, last: true }]);
  });

  it('gets its last look also after a night off, within CATCH_UP', () => {
    expect(dueAt(eight + lookFor + 10 * hour, open())).toEqual([{ ...look, last: true }]);
    expect(dueAt(eight + lookFor + 13 * hour, open())).toEqual([
      { ...look, act: 'close', last: undefined },
    ]);
  });

  it('is closed when the next day’s time has come', () => {
    const late = open({ begunAt: eight + 12 * hour });
    expect(dueAt(eight + 24 * hour, late)).toMatchObject([
      { date: today, act: 'close' },
      { date: '2025-09-04', act: 'look' },
    ]);
  });

  it('is still looked at, and ends, where the schedule was changed meanwhile', () => {
    const changed = (expression: string) =>
      aPlan(expression, { ...berlin, since: eight + lookAgainAfter / 2 });
    for (const plan of [changed('30 7 * * *'), changed('0 20 * * *'), changed('0 8 * * 1')]) {
      expect(due(plan, open({ dueAt: eight }), eight + lookAgainAfter)).toEqual([look]);
    }
    const nextDay = changed('30 7 * * *');
    const since = eight + 23 * hour;
    expect(due({ ...nextDay, since }, open({ dueAt: eight }), since)).toMatchObject([
      { date: today, act: 'close' },
    ]);
  });

  it('stays as it is once it was decided', () => {
    expect(dueAt(eight + hour, open({ againAt: null }))).toEqual([]);
  });

  it('is looked at anew where that was decided by a clock that was wrong; but sent is sent', () => {
    const later = { againAt: null, decidedAt: eight + 30 * hour };
    expect(dueAt(eight + hour, open(later))).toEqual([look]);
    expect(dueAt(eight + hour, open({ ...later, outcome: 'skipped' }))).toEqual([look]);
    expect(dueAt(eight + hour, open({ ...later, outcome: 'published' }))).toEqual([]);
  });
});

describe('exactly one daily edition a day', () => {
  it.each([
    ['Europe/Berlin', '2025-03-30', '2025-10-26'],
    ['America/New_York', '2025-03-09', '2025-11-02'],
    ['Australia/Lord_Howe', '2025-10-05', '2025-04-06'],
  ])('comes at 02:30 in %s, also when clocks change', (timeZone, gap, fold) => {
    const plan = aPlan('30 2 * * *', { timeZone });
    for (const day of [gap, fold]) {
      const from = Date.parse(day) - 3 * 24 * hour;
      const editions = keepTo(
        { ...plan, since: from },
        every(10 * minute, from, from + 6 * 24 * hour),
      );
      const days = [...editions.keys()].slice(1, -1);
      expect(days).toContain(day);
      for (const date of days) {
        const [at = 0, ...more] = editions.get(date) ?? [];
        expect(more, date).toEqual([]);
        expect(localDay(at, timeZone)).toBe(date);
      }
    }
  });

  it('comes in every zone, at any time, whatever the clock jumps to', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const steps = fc.array(
      fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 1, max: 8 * 60 }) },
        { weight: 2, arbitrary: fc.integer({ min: 8 * 60, max: 5 * 24 * 60 }) },
        { weight: 2, arbitrary: fc.integer({ min: -3 * 24 * 60, max: -20 }) },
      ),
      { minLength: 50, maxLength: 150 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: Date.UTC(2016, 0), max: Date.UTC(2026, 0) }),
        steps,
        (timeZone, time, start, steps) => {
          const since = start - 40 * 24 * hour;
          const plan = aPlan(`${time % 60} ${Math.floor(time / 60)} * * *`, { timeZone, since });
          const instants = [since];
          let now = start;
          for (const step of steps) {
            now += step * minute;
            instants.push(now);
          }
          const promised = new Set<string>();
          for (const now of instants) {
            for (const date of [localDay(now, timeZone), addDays(localDay(now, timeZone), -1)]) {
              const at = zonedInstant(date, time, timeZone);
              if (at !== null && at >= since && at <= now && now <= at + 12 * hour)
                promised.add(date);
            }
          }
          const editions = keepTo(plan, instants);
          expect([...editions.keys()].sort()).toEqual([...promised].sort());
          for (const times of editions.values()) expect(times).toHaveLength(1);
        },
      ),
      { numRuns: 60, seed: 20250903 },
    );
  });
});

describe('the next edition', () => {
  const none = new Set<string>();

  it('is at the next time that is not done, gaps included', () => {
    expect(nextInstant(eightDaily, none, eight - 1)).toBe(eight);
    expect(nextInstant(eightDaily, new Set([today]), eight - 1)).toBe(eight + 24 * hour);
    const early = aPlan('30 2 * * *', berlin);
    expect(nextInstant(early, none, Date.UTC(2025, 2, 29, 12))).toBe(Date.UTC(2025, 2, 30, 1));
  });

  it('may be years ahead, or never', () => {
    expect(nextInstant(aPlan('0 8 29 2 *'), none, eight)).toBe(Date.UTC(2028, 1, 29, 8));
    expect(nextInstant(aPlan('0 8 L-30 2 *'), none, eight)).toBeNull();
  });
});
