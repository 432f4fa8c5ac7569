import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../store/database.ts';
import { editionsPausedByRelay, moveEdition, openEditions } from '../store/editions.ts';
import { expireEditions } from '../store/expiring.ts';
import type { Trouble } from './run-lanes.ts';
import type { Worker } from './worker.ts';

/** How long to rest where nothing is due, and how often a server that is down is tried; in ms. */
const rest = { idle: 2_000, probing: 30_000 } as const;

/** The loop that delivers whatever is open, until `signal` is aborted. */
export type Service = {
  /** Looks at once: something was published. */
  wake(): void;
  /** Resolves when the loop has ended. */
  readonly ended: Promise<void>;
};

type ServeParts = { readonly db: Database; readonly runtime: Runtime; readonly worker: Worker };

/** Starts the loop. It never throws: what goes wrong is logged and tried again. */
export function serveDeliveries(parts: ServeParts, signal: AbortSignal): Service {
  let nap = new AbortController();
  const loop = async () => {
    while (!signal.aborted) {
      nap = new AbortController();
      const pause = await round(parts).catch(error => {
        parts.runtime.log.error({ error: messageOf(error) }, 'delivering failed; trying again');
        return rest.probing;
      });
      await sleep(pause, undefined, { signal: AbortSignal.any([signal, nap.signal]) }).catch(
        () => 'woken',
      );
    }
  };
  return { wake: () => nap.abort(), ended: loop() };
}

/** Delivers all that is due now. @returns how long to rest. */
async function round(parts: ServeParts): Promise<number> {
  const { db, runtime, worker } = parts;
  await worker.takeOver();
  for (const id of await expireEditions(db, runtime.now())) {
    runtime.log.error({ edition: id }, 'the edition expired: who was waiting will not get it');
  }
  let pause = await probeRelay(parts);
  for (const id of await openEditions(db)) {
    let tried = 0;
    const trouble = await worker.deliver(id, {
      onOutcome: () => {
        tried += 1;
      },
    });
    if (tried > 0) runtime.log.info({ edition: id, tried }, 'delivered what was due');
    if (trouble) pause = Math.max(pause, await handle(parts, id, trouble));
  }
  return Math.min(pause, rest.probing);
}

/** What a trouble means for the edition. @returns how long to rest for it. */
async function handle({ db, runtime }: ServeParts, id: number, trouble: Trouble): Promise<number> {
  if (trouble.why === 'rate') return trouble.waitMs;
  if (trouble.why === 'connection') {
    const change = { pausedBy: 'relay', reason: trouble.text } as const;
    await moveEdition(db, id, ['sending'], 'paused', change);
    runtime.log.error({ edition: id, reason: trouble.text }, 'no connection: paused, and probing');
  }
  return rest.probing;
}

/** Editions that wait for the server go on as soon as it answers. @returns how long to rest. */
async function probeRelay({ db, runtime, worker }: ServeParts): Promise<number> {
  const waiting = await editionsPausedByRelay(db);
  if (waiting.length === 0) return rest.idle;
  if (await worker.probe()) return rest.probing;
  for (const id of waiting) {
    await moveEdition(db, id, ['paused'], 'sending');
    runtime.log.info({ edition: id }, 'the server answers again: going on');
  }
  return rest.idle;
}
