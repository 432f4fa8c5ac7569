import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createThrottle,
  limitsOf,
  nextPermit,
  type RateWindow,
} from '../../src/delivery/throttle.ts';
import { startDatabase } from '../support/database.ts';
import { testRuntime } from '../support/runtime.ts';

const now = 1_000_000;
const windowArb = fc.record({
  count: fc.integer({ min: 1, max: 20 }),
  perMs: fc.constantFrom(1_000, 60_000, 3_600_000),
});

/** The instants of `count` permits, one asked for after the other. */
function permits(windows: readonly RateWindow[], count: number): number[] {
  const limits = limitsOf(windows);
  const taken: number[] = [];
  for (let each = 0; each < count; each += 1) {
    const latest = limits.map(limit => taken.at(-limit.count) ?? null);
    taken.push(nextPermit(limits, latest, now));
  }
  return taken;
}

describe('SEND_RATE', () => {
  it('is never passed in any window, however many windows hold at once', () => {
    fc.assert(
      fc.property(fc.array(windowArb, { minLength: 1, maxLength: 3 }), windows => {
        const taken = permits(windows, 100);
        for (const { count, perMs } of windows) {
          for (const start of taken) {
            const within = taken.filter(at => at >= start && at <= start + perMs);
            expect(within.length).toBeLessThanOrEqual(count);
          }
        }
      }),
    );
  });

  it('lets as many go at once as a window takes', () => {
    expect(permits([{ count: 30, perMs: 60_000 }], 30)).toEqual(Array(30).fill(now));
  });

  it('is counted for all who share a database, and what was not used is given back', async () => {
    const db = await startDatabase();
    const runtime = testRuntime();
    const windows = [{ count: 2, perMs: 86_400_000 }];
    const [one, other] = [
      createThrottle(db, runtime, windows),
      createThrottle(db, runtime, windows),
    ];
    const { signal } = new AbortController();
    const first = await one.take(signal);
    expect(first.go).toBe(true);
    expect((await other.take(signal)).go).toBe(true);
    expect(await one.take(signal)).toMatchObject({ go: false, waitMs: expect.any(Number) });
    if (first.go && first.at !== null) await one.giveBack(first.at);
    expect((await other.take(signal)).go).toBe(true);
  });

  it('goes on after one window though the clock was set back an hour', async () => {
    const db = await startDatabase();
    const runtime = testRuntime();
    const throttle = createThrottle(db, runtime, [{ count: 2, perMs: 1_000 }]);
    const { signal } = new AbortController();
    await throttle.take(signal);
    await throttle.take(signal);
    runtime.time -= 3_600_000;
    const before = runtime.time;
    expect(await throttle.take(signal)).toMatchObject({ go: true });
    expect(runtime.time - before).toBeGreaterThanOrEqual(1_000);
    expect(runtime.time - before).toBeLessThanOrEqual(1_250);
  });
});
