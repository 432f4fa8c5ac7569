import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * Keeps the space for young objects at 4 MB: what runs for hours and makes many short-lived ones
 * stays 20 MB smaller, and no slower (`npm run bench -- --only scale`). For the whole process.
 */
export function keepMemorySmall(): void {
  setFlagsFromString('--max-semi-space-size=4');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** What the program needs of the outside world's time and chance; tests inject their own. */
export type Runtime = {
  /** Now, in UTC milliseconds. */
  readonly now: () => number;
  /** `size` random bytes. */
  readonly random: (size: number) => Buffer;
  /** Resolves after `ms` milliseconds; rejects with an AbortError once `signal` is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

export type { Logger };

/** The real clock, chance and logger. Logs are JSON lines on standard error: ids, never addresses. */
export function createRuntime(level: string, destination?: DestinationStream): Runtime {
  return {
    now: Date.now,
    random: randomBytes,
    wait: async (ms, signal) => {
      await sleep(ms, undefined, signal ? { signal } : {});
    },
    log: pino(
      { level, base: null, formatters: { log: withoutAddresses } },
      destination ?? pino.destination({ dest: 2, sync: true }),
    ),
  };
}

const address = /[^\s<>"'(),:;@[\]]+@[^\s<>"'(),:;@[\]]+/g;

/** A server's reply may name whom it is about; a log never does. */
function withoutAddresses(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace(address, '[address]') : value,
    ]),
  );
}
