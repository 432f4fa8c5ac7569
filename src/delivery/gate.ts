import type { Runtime } from '../lib/runtime.ts';
import type { Permission, Throttle } from './throttle.ts';

/** What every lane of a worker passes before a message: SEND_RATE, and what the server asks for. */
export type Gate = Pick<Pace, 'slower' | 'faster'> & {
  /** Whether nothing holds a lane back, so that it need not ask. */
  isOpen(): boolean;
  /** Resolves when it is this lane's turn at the pace that the server asks for. */
  keepPace(signal: AbortSignal): Promise<void>;
  /** Resolves when SEND_RATE lets one message begin, or says how long that will take. */
  enter(signal: AbortSignal): Promise<Permission>;
  /** Gives a permission back that no message was there for. */
  giveBack(permission: Permission): Promise<void>;
  /** How many messages the server takes over one connection. */
  readonly sessions: SessionLimit;
};

/** The gate of one worker. `throttle` is null where there is no SEND_RATE. */
export function createGate(runtime: Runtime, throttle: Throttle | null): Gate {
  const pace = createPace();
  return {
    isOpen: () => throttle === null && pace.isFree(),
    async keepPace(signal) {
      const delay = pace.delay(runtime.now());
      if (delay > 0) await runtime.wait(delay, signal).catch(() => 'told to end');
    },
    enter: async signal => (throttle ? throttle.take(signal) : { go: true, at: null }),
    giveBack: async permission => {
      if (permission.go && permission.at !== null) await throttle?.giveBack(permission.at);
    },
    slower: pace.slower,
    faster: pace.faster,
    sessions: createSessionLimit(),
  };
}

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

/**
 * How many messages a server takes over one connection, learnt from the sessions that it ended, so
 * that the next ones end with QUIT instead. Messages are counted whatever the server answered: Exim
 * counts MAIL commands, and for who counts fewer the number comes out too high, which costs a 421.
 */
export type SessionLimit = {
  /** Whether a session of so many messages is to end. */
  isFull(messages: number): boolean;
  /** The server ended a session after so many messages. */
  cut(messages: number): void;
  /** A session ended with QUIT because it was full. */
  kept(): void;
};

/** After so many full sessions a quarter more is tried: the server may take more by now. */
const keptBeforeMore = 10;

/**
 * A number is believed when two sessions in a row were cut at it; a server that restarts, or counts
 * minutes, cuts each elsewhere. Pure but for its own state.
 */
export function createSessionLimit(): SessionLimit {
  let limit = Number.POSITIVE_INFINITY;
  let lastCut = 0;
  let full = 0;
  return {
    isFull: messages => messages >= limit,
    cut(messages) {
      if (messages === lastCut) limit = messages;
      lastCut = messages;
      full = 0;
    },
    kept() {
      full += 1;
      if (full < keptBeforeMore) return;
      full = 0;
      limit = Math.ceil(limit * 1.25);
    },
  };
}
