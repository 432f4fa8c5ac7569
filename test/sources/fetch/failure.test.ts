import { describe, expect, test } from 'vitest';
import { refusal, retryDelay } from '../../../src/sources/fetch/failure.ts';

const passing = (asked: number | null) => ({ passing: true, asked });
const refused = (status: number, retryAfter: string | null = null) =>
  refusal(
    {
      url: 'https://papers.test/',
      fetchedAt: Date.UTC(2025, 8, 3, 8),
      status,
      contentType: null,
      body: new Uint8Array(),
    },
    retryAfter,
  );

describe('the wait before another try', () => {
  test.each([
    [1, 0, 500],
    [1, 1, 1000],
    [2, 0, 1000],
    [3, 1, 4000],
  ])('after try %i, with a chance of %i, is %i ms', (tries, chance, delay) => {
    expect(retryDelay(passing(null), tries, chance)).toBe(delay);
  });

  test('is what the server asks for, up to half a minute', () => {
    expect(retryDelay(passing(30_000), 1, 0.5)).toBe(30_000);
    expect(retryDelay(passing(30_001), 1, 0.5)).toBeNull();
    expect(retryDelay(passing(0), 1, 0.5)).toBe(0);
  });

  test('is none after the fourth', () => {
    expect(retryDelay(passing(null), 4, 0.5)).toBeNull();
    expect(retryDelay(passing(1), 4, 0.5)).toBeNull();
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
  expect(refused(503, header).asked).toBe(ms);
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
  expect(refused(status).passing).toBe(passing);
});
