import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';

/** How often it is looked whether a notice is due that nobody announced, in ms. */
const idle = 1_000;
/** How long to rest after something went wrong, in ms. */
const afterFailure = 15_000;

/** The loop that sends notices until `signal` is aborted. */
export type NoticeService = { wake(): void; readonly ended: Promise<void> };

/**
 * Starts the loop. `prepare` queues what is to be told; `send` sends what is due and says how long
 * to rest. It never throws: what goes wrong is logged and tried again.
 */
export function serveNotices(
  {
    runtime,
    prepare,
    send,
  }: {
    readonly runtime: Runtime;
    readonly prepare: () => Promise<unknown>;
    readonly send: () => Promise<number>;
  },
  signal: AbortSignal,
): NoticeService {
  let nap = new AbortController();
  signal.addEventListener('abort', () => nap.abort());
  const round = async () => {
    await prepare();
    return send();
  };
  const loop = async () => {
    while (!signal.aborted) {
      nap = new AbortController();
      const pause = await round().catch(error => {
        runtime.log.error({ error: messageOf(error) }, 'notices failed; trying again');
        return afterFailure;
      });
      if (signal.aborted) break;
      // Woken means that something is new; a server that is down is not asked any sooner for it.
      const wakeable = pause > 0 ? signal : nap.signal;
      await sleep(Math.max(pause, idle), undefined, { signal: wakeable }).catch(() => 'woken');
    }
  };
  return { wake: () => nap.abort(), ended: loop() };
}
