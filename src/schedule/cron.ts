import {
  createTask,
  type Logger,
  parse,
  type ScheduledTask,
  schedule,
  validateDetailed,
} from 'node-cron';
import type { Day } from '../lib/day.ts';
import { type Checked, fail, pass } from '../lib/errors.ts';

/**
 * Five crontab fields, as node-cron reads them: what passes here fires. Its sixth field, seconds, and
 * its nicknames are not taken.
 */
export function checkCron(text: string): Checked<string> {
  const expression = text.trim().replace(/\s+/g, ' ');
  const count = expression === '' ? 0 : expression.split(' ').length;
  if (count !== 5) {
    return fail(`"${text}" has ${count} fields and not five (minute, hour, day, month, weekday)`);
  }
  const [wrong] = validateDetailed(expression).errors;
  if (!wrong) return pass(expression);
  const field = wordsOfField.get(wrong.field);
  return fail(field ? `the ${field} of "${text}" cannot be read` : `"${text}" cannot be read`);
}

/** The fields by the names that node-cron gives them. */
const wordsOfField = new Map([
  ['minute', 'minute'],
  ['hour', 'hour'],
  ['dayOfMonth', 'day of the month'],
  ['month', 'month'],
  ['dayOfWeek', 'day of the week'],
]);

/** A schedule as wall clocks show it, whatever their zone. */
export type Schedule = {
  /** The first minute (0–1439) of the calendar day that it names; null where it names none. */
  firstMinute(day: Day): number | null;
};

/**
 * Five crontab fields, as node-cron reads them in UTC, where a day has all its minutes;
 * `zonedInstant` decides what a minute is in a zone. Throws where they cannot be read.
 */
export function readSchedule(expression: string): Schedule {
  const { hour, minute } = parse(expression);
  const first = Math.min(...hour) * 60 + Math.min(...minute);
  const task = createTask(expression, () => {}, { timezone: 'UTC' });
  // It is only asked what it matches, and never started.
  task.destroy();
  return {
    firstMinute: day => (task.match(new Date(Date.parse(day) + first * 60_000)) ? first : null),
  };
}

/** node-cron would write to the terminal; what it misses is found by `due`. */
const quiet: Logger = { info() {}, warn() {}, error() {}, debug() {} };

/** Calls `fire` at each time of `expression` (five crontab fields) in `timeZone`, until destroyed. */
export function startTimer(expression: string, timeZone: string, fire: () => void): ScheduledTask {
  return schedule(expression, fire, { timezone: timeZone, logger: quiet });
}
