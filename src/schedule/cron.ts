import { createTask, parse } from 'node-cron';
import type { Day } from '../lib/day.ts';

/** A schedule as wall clocks show it, whatever their zone. */
export type Schedule = {
  /** The first minute (0–1439) of the calendar day that it names; null where it names none. */
  firstMinute(day: Day): number | null;
};

/**
 * Five crontab fields, as node-cron reads them. It is asked in UTC, where a day has all its
 * minutes; what they are in a zone is decided in `momentOf`. Throws where they cannot be read.
 */
export function readSchedule(expression: string): Schedule {
  const { hour, minute } = parse(expression);
  const first = Math.min(...hour) * 60 + Math.min(...minute);
  const task = createTask(expression, () => {}, { timezone: 'UTC' });
  // It is asked what it matches, and never started.
  task.destroy();
  return {
    firstMinute: day => (task.match(new Date(Date.parse(day) + first * 60_000)) ? first : null),
  };
}
