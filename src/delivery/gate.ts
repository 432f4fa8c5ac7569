import type { Runtime } from '../lib/runtime.ts';
import { createPace, type Pace } from './pace.ts';
import type { Permission, Throttle } from './throttle.ts';

/** What every lane passes before it claims: SEND_RATE, and what the server asks for. */
export type Gate = Pick<Pace, 'slower' | 'faster'> & {
  /** Whether nothing holds a lane back, so that it need not ask. */
  isOpen(): boolean;
  /** Resolves when one message may begin, or says how long that will take if it is long. */
  enter(signal: AbortSignal): Promise<Permission>;
  /** Gives a permission back that no message was there for. */
  giveBack(permission: Permission): Promise<void>;
};

/** The gate of one worker. `throttle` is null where there is no SEND_RATE. */
export function createGate(runtime: Runtime, throttle: Throttle | null): Gate {
  const pace = createPace();
  return {
    isOpen: () => throttle === null && pace.isFree(),
    async enter(signal) {
      const delay = pace.delay(runtime.now());
      if (delay > 0) await runtime.wait(delay, signal).catch(() => 'told to end');
      return throttle ? throttle.take(signal) : { go: true, at: null };
    },
    giveBack: async permission => {
      if (permission.go && permission.at !== null) await throttle?.giveBack(permission.at);
    },
    slower: () => pace.slower(),
    faster: () => pace.faster(),
  };
}
