import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './errors.ts';
import type { Logger, Runtime } from './runtime.ts';

/** A loop that works in rounds and rests between them. */
export type Loop = {
  /** Begins the next round at once; during a round, as soon as that is over. */
  wake(): void;
  /** Resolves when the loop has ended. */
  readonly ended: Promise<void>;
};

type LoopOptions = {
  /** Aborted: no other round begins. */
  readonly signal?: AbortSignal;
  /** Rests; by the real clock, unless it is given. */
  readonly wait?: Runtime['wait'];
  /** How long to rest (ms) after a round that threw; without it the loop ends with the error. */
  readonly onFailure?: (error: unknown) => number;
};

/** Starts a loop. Each round says how long to rest after it, in ms; null: it was the last. */
export function startLoop(
  round: () => Promise<number | null>,
  { signal, wait = sleepFor, onFailure }: LoopOptions,
): Loop {
  let nap = new AbortController();
  signal?.addEventListener('abort', () => nap.abort());
  const loop = async () => {
    while (!signal?.aborted) {
      nap = new AbortController();
      const rest = await (onFailure ? round().catch(onFailure) : round());
      if (rest === null) return;
      await wait(rest, nap.signal).catch(() => 'woken');
    }
  };
  return { wake: () => nap.abort(), ended: loop() };
}

/** Logs what failed and says to try it again after `ms`. */
export function tryAgain(log: Logger, what: string, ms: number): (error: unknown) => number {
  return error => {
    log.error({ error: messageOf(error) }, `${what} failed; trying again`);
    return ms;
  };
}

const sleepFor: Runtime['wait'] = (ms, signal) => sleep(ms, undefined, signal ? { signal } : {});
