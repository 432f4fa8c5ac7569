import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import {
  deletePermit,
  insertPermit,
  nthLatestPermit,
  prunePermits,
  pullBackPermits,
} from '../store/deliveries.ts';

/** At most `count` messages in any window of `perMs` milliseconds. */
export type RateWindow = { readonly count: number; readonly perMs: number };

/** How late a permit may be used, in ms. */
const lateMs = 50;

/** What a permit is measured by: `count` permits earlier must be at least `spanMs` ago. */
export type Limit = { readonly count: number; readonly spanMs: number };

/**
 * The limits that keep these windows. Each window is made longer by a fifth (50 to 250 ms), so
 * that what was held up on its way does not fall into one window with what was not; and within a
 * window as short as that messages are spread evenly, for a burst is what gets held up. Pure.
 */
export function limitsOf(windows: readonly RateWindow[]): readonly Limit[] {
  return windows.flatMap(({ count, perMs }) => {
    const slack = Math.min(Math.max(perMs / 5, lateMs), 250);
    const window = { count, spanMs: Math.ceil(perMs + slack) };
    if (perMs > 1_000 || count === 1) return [window];
    return [window, { count: 1, spanMs: Math.ceil(perMs / count) }];
  });
}

/** A permit this far ahead is waited for with the permit in hand; a later one is asked for again. */
const reserveMs = 2_000;

/**
 * What a lane hears: go (`at` is what its permit is for, null where none is needed), or how long
 * to wait before asking again (ms).
 */
export type Permission =
  | { readonly go: true; readonly at: number | null }
  | { readonly go: false; readonly waitMs: number };

/** Holds messages back so that SEND_RATE is kept by all lanes of all processes together. */
export type Throttle = {
  /** Resolves when one message may begin, or says how long that will take if it is long. */
  take(signal: AbortSignal): Promise<Permission>;
  /** Gives back a permit that was not used. */
  giveBack(at: number): Promise<void>;
};

/**
 * When the next message may begin (UTC ms), given each limit's `count`-th latest permit (`latest`,
 * by limit; null where there are fewer). Pure.
 */
export function nextPermit(
  limits: readonly Limit[],
  latest: readonly (number | null)[],
  now: number,
): number {
  const free = limits.map(({ spanMs }, index) => {
    const at = latest[index] ?? null;
    return at === null ? now : at + spanMs;
  });
  return Math.max(now, ...free);
}

/** The throttle of one database; `windows` is not empty. */
export function createThrottle(
  db: Database,
  runtime: Runtime,
  windows: readonly RateWindow[],
): Throttle {
  const limits = limitsOf(windows);
  const longest = Math.max(...limits.map(({ spanMs }) => spanMs));

  const reserve = () =>
    db.transaction().execute(async transaction => {
      const now = runtime.now();
      await pullBackPermits(transaction, now + reserveMs, now);
      const latest: (number | null)[] = [];
      for (const { count } of limits) latest.push(await nthLatestPermit(transaction, count));
      const at = nextPermit(limits, latest, now);
      if (at - now > reserveMs) return { at, reserved: false };
      await prunePermits(transaction, now - longest);
      await insertPermit(transaction, at);
      return { at, reserved: true };
    });

  return {
    async take(signal) {
      while (!signal.aborted) {
        const { at, reserved } = await reserve();
        if (!reserved) return { go: false, waitMs: at - runtime.now() };
        const ahead = at - runtime.now();
        if (ahead > 0) await runtime.wait(ahead, signal).catch(() => 'told to end');
        if (signal.aborted) {
          await deletePermit(db, at);
          break;
        }
        // Held up for too long, the permit is void: a late message could crowd the next window.
        if (runtime.now() - at <= lateMs) return { go: true, at };
      }
      return { go: false, waitMs: 0 };
    },
    giveBack: at => deletePermit(db, at),
  };
}
