import { describe, expect, it } from 'vitest';
import { readTime } from '../../src/lib/zoned-time.ts';

const now = Date.UTC(2025, 8, 3, 8);
const read = (text: string, timeZone = 'Europe/Berlin') =>
  new Date(readTime(text, { now, timeZone })).toISOString();

describe('a time that an editor names', () => {
  it.each([
    ['2025-09-04 07:30', '2025-09-04T05:30:00.000Z'],
    ['2025-09-04T07:30', '2025-09-04T05:30:00.000Z'],
    ['2025-12-04 07:30', '2025-12-04T06:30:00.000Z'],
    ['11:00', '2025-09-03T09:00:00.000Z'],
    ['07:30', '2025-09-04T05:30:00.000Z'],
    ['2025-09-04T07:30Z', '2025-09-04T07:30:00.000Z'],
    ['2025-09-04T07:30+05:30', '2025-09-04T02:00:00.000Z'],
  ])('is understood: %s', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each([
    ['tomorrow', /is no time/],
    ['2025-02-30 07:30', /is no time/],
    ['24:00', /is no time/],
    ['2025-09-03 07:30', /is past/],
    ['2027-09-03 07:30', /more than a year/],
  ])('is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
