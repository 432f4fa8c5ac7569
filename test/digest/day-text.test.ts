import { describe, expect, test } from 'vitest';
import { readDay, resolveDay } from '../../src/digest/day-text.ts';

function day(text: string, reference: string): string | null {
  const written = readDay(text);
  return written && resolveDay(written, reference);
}

describe('a written day', () => {
  test.each([
    ['Sep 3', '2025-09-03'],
    ['Sept. 3', '2025-09-03'],
    ['September 3rd', '2025-09-03'],
    ['Wednesday, Sep 3', '2025-09-03'],
    ['3 Sep', '2025-09-03'],
    ['Oct 7, 2024', '2024-10-07'],
    ['7 October 2024', '2024-10-07'],
    ['2024-10-07', '2024-10-07'],
    ['2024-10-07T08:00:00Z', '2024-10-07'],
  ])('%s is read', (text, expected) => {
    expect(day(text, '2025-09-10')).toBe(expected);
  });

  test.each([
    'May',
    'May flowers 3',
    'Sep 31',
    'Feb 30',
    '2025-13-01',
    '3',
    'Marching 3',
    'Sep 3 papers',
  ])('%s is none', text => {
    expect(readDay(text)).toBeNull();
  });

  test('without a year is the latest one not after the reference', () => {
    expect(day('Sep 3', '2025-09-03')).toBe('2025-09-03');
    expect(day('Sep 4', '2025-09-03')).toBe('2024-09-04');
    expect(day('Dec 31', '2026-01-01')).toBe('2025-12-31');
  });

  test('on 29 February goes back to the latest leap year', () => {
    expect(day('Feb 29', '2024-02-29')).toBe('2024-02-29');
    expect(day('Feb 29', '2027-06-01')).toBe('2024-02-29');
    expect(day('Feb 29', '1903-01-01')).toBe('1896-02-29');
  });

  test('with a year is kept, though the reference is earlier', () => {
    expect(day('Sep 3, 2031', '2025-09-03')).toBe('2031-09-03');
  });
});
