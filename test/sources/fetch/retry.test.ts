import { describe, expect, test } from 'vitest';
import { isPassing, readRetryAfter, retryDelay } from '../../../src/sources/fetch/retry.ts';

describe('the wait before another try', () => {
  test.each([
    [1, 0, 500],
    [1, 1, 1000],
    [2, 0, 1000],
    [3, 1, 4000],
  ])('after try %i, with a chance of %i, is %i ms', (tries, chance, delay) => {
    expect(retryDelay(tries, null, chance)).toBe(delay);
  });

  test('is what the server asks for, up to half a minute', () => {
    expect(retryDelay(1, 30_000, 0.5)).toBe(30_000);
    expect(retryDelay(1, 30_001, 0.5)).toBeNull();
    expect(retryDelay(1, 0, 0.5)).toBe(0);
  });

  test('is none after the fourth', () => {
    expect(retryDelay(4, null, 0.5)).toBeNull();
    expect(retryDelay(4, 1, 0.5)).toBeNull();
  });
});

test.each([
  [null, null],
  ['12', 12_000],
  ['Wed, 03 Sep 2025 08:00:05 GMT', 5000],
  ['Wed, 03 Sep 2025 07:00:00 GMT', 0],
  ['soon', null],
  ['-1', null],
])('Retry-After: %s', (header, ms) => {
  expect(readRetryAfter(header, Date.UTC(2025, 8, 3, 8))).toBe(ms);
});

test.each([
  [500, true],
  [503, true],
  [429, true],
  [408, true],
  [400, false],
  [404, false],
  [403, false],
])('whether %i may pass: %s', (status, passing) => {
  expect(isPassing(status)).toBe(passing);
});
