import { describe, expect, it } from 'vitest';
import { nextInstant } from '../../src/schedule/due.ts';
import { aPlan } from '../schedule/support/simulate.ts';
import { readCorpusFile } from '../support/corpora.ts';

type Case = {
  readonly name: string;
  readonly tz: string;
  readonly pattern: string;
  readonly start: string;
  readonly next: readonly string[];
};

describe('schedules on which six schedulers agree', () => {
  const cases: readonly Case[] = JSON.parse(readCorpusFile('cron', 'plain-cases.json').toString());
  const daily = cases.filter(({ pattern }) => /^\d+ \d+ /.test(pattern));

  it('are there', () => expect(daily.length).toBeGreaterThan(4));

  it.each(daily.map(one => [one.name, one] as const))('%s', (_, { tz, pattern, start, next }) => {
    const plan = aPlan(pattern, { timeZone: tz });
    let now = Date.parse(start);
    for (const expected of next) {
      now = nextInstant(plan, new Set(), now) ?? Number.NaN;
      expect(new Date(now).toISOString()).toBe(expected);
    }
  });

  it('name several times a day, of which the first counts', () => {
    const several = cases.filter(one => !daily.includes(one));
    expect(several.length).toBeGreaterThan(0);
    for (const { tz, pattern, start, next } of several) {
      const from = Date.parse(start);
      const first = nextInstant(aPlan(pattern, { timeZone: tz }), new Set(), from);
      // The next day's first is among theirs, unless they end before it.
      const last = Date.parse(next.at(-1) ?? '');
      if (first !== null && first <= last) expect(next).toContain(new Date(first).toISOString());
      else expect(first).toBeGreaterThan(last);
    }
  });
});
