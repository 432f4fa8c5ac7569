import fc from 'fast-check';
import { createTask, getTasks } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { checkCron } from '../../src/schedule/cron.ts';

const problemOf = (checked: ReturnType<typeof checkCron>) => (checked.ok ? null : checked.problem);

describe('a schedule', () => {
  it.each([
    ['0 8 * * *', '0 8 * * *'],
    ['*/15 8-18 * * 1-5', '*/15 8-18 * * 1-5'],
    ['0 8 1,15 * *', '0 8 1,15 * *'],
    ['0 8 * jan-mar MON,wed', '0 8 * jan-mar MON,wed'],
    ['0 8 * * 7', '0 8 * * 7'],
    ['0 8 L * *', '0 8 L * *'],
    [' 0  8 *\t* * ', '0 8 * * *'],
  ])('is %j', (text, value) => expect(checkCron(text)).toEqual({ ok: true, value }));

  it.each([
    ['', 'has 0 fields and not five (minute, hour, day, month, weekday)'],
    ['@daily', 'has 1 fields'],
    ['0 0 8 * * *', 'has 6 fields'],
    ['60 8 * * *', 'the minute of'],
    ['0 24 * * *', 'the hour of'],
    ['0 8 0 * *', 'the day of the month of'],
    ['0 8 30 2 *', 'the day of the month of'],
    ['0 8 * 13 *', 'the month of'],
    ['0 8 * * 8', 'the day of the week of'],
    ['0 8 * * someday', 'day of the week'],
    ['*/0 8 * * *', 'minute'],
    ['5/2 8 * * *', 'minute'],
    ['1,,2 8 * * *', 'minute'],
    ['-1 8 * * *', 'minute'],
    ['1.5 8 * * *', 'cannot be read'],
  ])('is not %j', (text, words) => expect(problemOf(checkCron(text))).toContain(words));

  it('that passes here is one that the scheduler takes', () => {
    const item = fc.oneof(
      fc.constant('*'),
      fc.nat(31).map(String),
      fc.tuple(fc.nat(31), fc.nat(31)).map(([a, b]) => `${a}-${b}`),
      fc.tuple(fc.nat(12), fc.nat(12), fc.nat(9)).map(([a, b, step]) => `${a}-${b}/${step}`),
      fc.nat(40).map(step => `*/${step}`),
      fc.constantFrom('jan', 'DEC', 'mon', 'Sun', 'x', '', 'L', 'l', '1w', '5#2', '0L'),
    );
    const field = fc.array(item, { minLength: 1, maxLength: 3 }).map(items => items.join(','));
    fc.assert(
      fc.property(fc.tuple(field, field, field, field, field), parts => {
        const checked = checkCron(parts.join(' '));
        if (!checked.ok) return;
        const task = createTask(checked.value, () => {});
        task.destroy();
      }),
      { numRuns: 1000, seed: 20250903 },
    );
    expect(getTasks().size).toBe(0);
  });
});
