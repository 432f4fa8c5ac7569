import type { Day } from '../../../src/lib/day.ts';
import { readSchedule } from '../../../src/schedule/cron.ts';
import { due, type Known, type Plan } from '../../../src/schedule/due.ts';

export const hour = 3_600_000;

/** A schedule that holds since 1970; `values` say what is different. */
export function aPlan(expression: string, values: Partial<Plan> = {}): Plan {
  const schedule = readSchedule(expression);
  return { schedule, timeZone: 'UTC', since: 0, catchUp: 12 * hour, ...values };
}

/** What a scheduled day came to; published at once unless `values` say otherwise. */
export function aSlot(date: Day, decidedAt: number, values: Partial<Known> = {}): Known {
  return {
    date,
    outcome: 'published',
    dueAt: decidedAt,
    begunAt: decidedAt,
    decidedAt,
    againAt: null,
    ...values,
  };
}

/**
 * Keeps to a plan at these instants, with a source that always has papers. @returns on which instants
 * each day was published; a day that is asked for again has several.
 */
export function keepTo(plan: Plan, instants: Iterable<number>): Map<Day, number[]> {
  const editions = new Map<Day, number[]>();
  const slots = new Map<Day, Known>();
  for (const now of instants) {
    const known = [...slots.values()];
    for (const { act, date } of due(plan, known, now)) {
      const published = act === 'look';
      if (published) editions.set(date, [...(editions.get(date) ?? []), now]);
      // In the store, too, nothing replaces a day that was published.
      if (slots.get(date)?.outcome === 'published') continue;
      slots.set(date, aSlot(date, now, published ? {} : { outcome: 'skipped' }));
    }
    if (slots.size > 40) forgetOldest(slots);
  }
  return editions;
}

function forgetOldest(slots: Map<Day, Known>): void {
  for (const date of [...slots.keys()].sort().slice(0, -36)) slots.delete(date);
}

/** Instants from `from` to `to`, `step` ms apart. */
export function* every(step: number, from: number, to: number): Generator<number> {
  for (let now = from; now <= to; now += step) yield now;
}
