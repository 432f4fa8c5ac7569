import fc from 'fast-check';
import { validate } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { cronProblem } from '../../src/config/cron.ts';

describe('a schedule', () => {
  it.each([
    '0 8 * * *',
    '*/15 8-18 * * 1-5',
    '0 8 1,15 * *',
    '0 8 * jan-mar MON,wed',
    '0 8 * * 7',
    ' 0  8 * * * ',
  ])('is %j', text => expect(cronProblem(text)).toBeNull());

  it.each([
    ['', 'not five'],
    ['@daily', 'not five'],
    ['0 0 8 * * *', '6 fields'],
    ['60 8 * * *', 'minute'],
    ['0 24 * * *', 'hour'],
    ['0 8 0 * *', 'day of the month'],
    ['0 8 * 13 *', 'month'],
    ['0 8 * * 8', 'day of the week'],
    ['0 8 * * someday', 'day of the week'],
    ['5-1 8 * * *', 'minute'],
    ['*/0 8 * * *', 'minute'],
    ['5/2 8 * * *', 'minute'],
    ['1,,2 8 * * *', 'minute'],
    ['-1 8 * * *', 'minute'],
    ['1.5 8 * * *', 'minute'],
  ])('is not %j', (text, words) => expect(cronProblem(text)).toContain(words));

  it('that passes here is one that the scheduler takes', () => {
    const item = fc.oneof(
      fc.constant('*'),
      fc.nat(31).map(String),
      fc.tuple(fc.nat(31), fc.nat(31)).map(([a, b]) => `${a}-${b}`),
      fc.tuple(fc.nat(12), fc.nat(12), fc.nat(9)).map(([a, b, step]) => `${a}-${b}/${step}`),
      fc.nat(40).map(step => `*/${step}`),
      fc.constantFrom('jan', 'DEC', 'mon', 'Sun', 'x', ''),
    );
    const field = fc.array(item, { minLength: 1, maxLength: 3 }).map(items => items.join(','));
    fc.assert(
      fc.property(fc.tuple(field, field, field, field, field), parts => {
        const text = parts.join(' ');
        if (cronProblem(text) === null) expect(validate(text), text).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
