import { messageOf } from '../lib/errors.ts';
import { type Loop, startLoop, tryAgain } from '../lib/loop.ts';
import {
  editionsPausedByRelay,
  expireEditions,
  getEdition,
  moveEdition,
  openEditions,
  resumeFromRelay,
} from '../store/editions.ts';
import { countDeliveries } from '../store/reports.ts';
import { type AudienceParts, beginScheduled } from './freeze.ts';
import type { DeliverOptions } from './run-lanes.ts';
import type { Trouble } from './stop-edition.ts';
import type { Worker } from './worker.ts';

/** How long to rest where nothing is due, and how often a server that is down is tried; in ms. */
const rest = { idle: 2_000, probing: 30_000 } as const;

// What delivers: `start` does whatever is open, round after round; `send` does one edition. Both have a
// worker deliver it, and both do here what a trouble asks for.

type ServeParts = AudienceParts & { readonly worker: Worker };

/**
 * Starts the loop that delivers whatever is open, until `signal` is aborted; then the worker begins
 * no other message. It never throws: what goes wrong is logged and tried again.
 */
export function serveDeliveries(parts: ServeParts, signal: AbortSignal): Loop {
  const { runtime, worker } = parts;
  signal.addEventListener('abort', () => worker.halt());
  const onFailure = tryAgain(runtime.log, 'delivering', rest.probing);
  return startLoop(() => round(parts), { signal, onFailure });
}

/** Delivers all that is due now. @returns how long to rest. */
async function round(parts: ServeParts): Promise<number> {
  const { db, runtime, worker } = parts;
  await worker.takeOver();
  for (const id of await expireEditions(db, runtime.now())) {
    runtime.log.error({ edition: id }, 'the edition expired: who was waiting will not get it');
  }
  for (const id of await beginScheduled(parts)) {
    runtime.log.info({ edition: id }, 'the time of a scheduled edition has come');
  }
  let pause = await probeRelay(parts);
  for (const id of await openEditions(db)) {
    // One edition that cannot be delivered keeps no other from its readers.
    const needed = await deliverOne(parts, id).catch(error => {
      runtime.log.error({ edition: id, error: messageOf(error) }, 'delivering failed');
      return rest.probing;
    });
    pause = Math.max(pause, needed);
  }
  return Math.min(pause, rest.probing);
}

/** Delivers what is due of one edition. @returns how long to rest for it. */
async function deliverOne(parts: ServeParts, id: number): Promise<number> {
  const { runtime, worker } = parts;
  let tried = 0;
  const trouble = await worker.deliver(id, {
    onOutcome: () => {
      tried += 1;
    },
  });
  if (tried > 0) runtime.log.info({ edition: id, tried }, 'delivered what was due');
  return trouble ? handle(parts, id, trouble) : 0;
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
  const waiting = await editionsPausedByRelay(db, runtime.now());
  if (waiting.length === 0) return rest.idle;
  if (await worker.probe()) return rest.probing;
  for (const id of waiting) {
    if (!(await resumeFromRelay(db, id))) continue;
    runtime.log.info({ edition: id }, 'the server answers again: going on');
  }
  return rest.idle;
}

/** So long a used-up SEND_RATE is waited for (ms); a day's quota is not. */
const patience = 600_000;
/** How often it is looked whether a wait is over, in ms. */
const lookAgain = 1_000;

/** What a person sends, and waits for. */
export type Errand = DeliverOptions & {
  /** Until nobody waits any more; else until each was tried once. */
  readonly wait?: boolean | undefined;
  /**
   * Told of each wait: so many messages are held by another worker; 0: for what is deferred, or for
   * a limit of the server's until then (UTC ms).
   */
  readonly onWait?: (held: number, until: number | null) => void;
};

/** Delivers one edition, and waits for what others hold. @returns why it ended before its time. */
export async function deliverEdition(
  { db, runtime, worker }: Pick<ServeParts, 'db' | 'runtime' | 'worker'>,
  id: number,
  { wait = false, onWait, ...options }: Errand = {},
): Promise<Trouble | null> {
  let trouble: Trouble | null = null;
  const round = async () => {
    await worker.takeOver();
    trouble = await worker.deliver(id, options);
    const { queued, sending, deferred } = await countDeliveries(db, id, options.only);
    const { status, resumeAt = null } = (await getEdition(db, id)) ?? {};
    if (wait && resumeAt !== null && !worker.stopping) {
      onWait?.(0, resumeAt);
      if (resumeAt <= runtime.now()) await resumeFromRelay(db, id);
      return lookAgain;
    }
    if (status !== 'sending' || worker.stopping) return null;
    if (trouble?.why === 'rate' && (wait || trouble.waitMs <= patience)) {
      return Math.min(trouble.waitMs, lookAgain);
    }
    // Nothing kept the lanes, yet some were not tried: they stopped while the lease was in doubt.
    if (!trouble && queued > 0) return lookAgain;
    if (sending === 0 && !(wait && queued + deferred > 0)) return null;
    onWait?.(sending, null);
    return lookAgain;
  };
  await startLoop(round, { wait: runtime.wait }).ended;
  return trouble;
}
