import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../store/database.ts';
import { openEditions } from '../store/editions.ts';
import type { Worker } from './worker.ts';

/** How long to rest where nothing is due, and after the server could not be reached, in ms. */
const rest = { idle: 2_000, trouble: 30_000 } as const;

/** The loop that delivers whatever is open, until `signal` is aborted. */
export type Service = {
  /** Looks at once: something was published. */
  wake(): void;
  /** Resolves when the loop has ended. */
  readonly ended: Promise<void>;
};

/** Starts the loop. It never throws: what goes wrong is logged and tried again. */
export function serveDeliveries(
  parts: { readonly db: Database; readonly runtime: Runtime; readonly worker: Worker },
  signal: AbortSignal,
): Service {
  let nap = new AbortController();
  const loop = async () => {
    while (!signal.aborted) {
      const pause = await round(parts).catch(error => {
        parts.runtime.log.error({ error: messageOf(error) }, 'delivering failed; trying again');
        return rest.trouble;
      });
      nap = new AbortController();
      await sleep(pause, undefined, { signal: AbortSignal.any([signal, nap.signal]) }).catch(
        () => 'woken',
      );
    }
  };
  return { wake: () => nap.abort(), ended: loop() };
}

/** Delivers all that is due now. @returns how long to rest. */
async function round({
  db,
  runtime,
  worker,
}: {
  db: Database;
  runtime: Runtime;
  worker: Worker;
}): Promise<number> {
  await worker.takeOver();
  let pause: number = rest.idle;
  for (const id of await openEditions(db)) {
    let tried = 0;
    const trouble = await worker.deliver(id, () => {
      tried += 1;
    });
    if (trouble) {
      runtime.log.error({ edition: id, reason: trouble.text }, 'some are waiting');
      pause = rest.trouble;
    } else if (tried > 0) {
      runtime.log.info({ edition: id, tried }, 'delivered what was due');
    }
  }
  return pause;
}
