/** How a worker slows down where the server asks for less, and climbs back. */
export type Pace = {
  /** How long the next message waits, in ms; asking counts as sending. */
  delay(now: number): number;
  /** Whether there is no gap. */
  isFree(): boolean;
  slower(): void;
  faster(): void;
};

const firstGapMs = 100;
const longestGapMs = 60_000;
/** Below this the gap is no gap. */
const negligibleMs = 2;

/**
 * Messages of all lanes are a gap apart. The gap starts at none; each "slow down" doubles it (from
 * 100 ms, up to a minute), each message that is accepted shortens it by a fiftieth. Pure but for
 * its own state.
 */
export function createPace(): Pace {
  let gapMs = 0;
  let freeAt = 0;
  return {
    delay(now) {
      if (gapMs === 0) return 0;
      const at = Math.max(now, freeAt);
      freeAt = at + gapMs;
      return at - now;
    },
    isFree: () => gapMs === 0,
    slower() {
      gapMs = Math.min(Math.max(gapMs * 2, firstGapMs), longestGapMs);
    },
    faster() {
      if (gapMs === 0) return;
      gapMs *= 0.98;
      if (gapMs < negligibleMs) gapMs = 0;
    },
  };
}
