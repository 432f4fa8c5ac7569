import { describe, expect, it } from 'vitest';
import { cronOrNever, duration } from '../../src/config/checks.ts';

describe('a schedule', () => {
  it('of the weekly edition may be never', () => {
    expect(cronOrNever(' Never ')).toEqual({ ok: true, value: null });
    expect(cronOrNever('0 9 * * 1')).toEqual({ ok: true, value: '0 9 * * 1' });
    expect(cronOrNever('0 9')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('has 2 fields'),
    });
  });
});

describe('a length of time', () => {
  it.each([
    ['12h', 12 * 3_600_000],
    ['90min', 90 * 60_000],
    [' 0 ', 0],
    ['0h', 0],
    ['45 s', 45_000],
    ['7day', 7 * 86_400_000],
  ])('is %j', (text, value) => expect(duration(text)).toEqual({ ok: true, value }));

  it.each(['', '12', 'h', '-1h', '1.5h', '12 hours', '1e3s', '8day', '999999h'])(
    'is not %j',
    text => expect(duration(text).ok).toBe(false),
  );
});
