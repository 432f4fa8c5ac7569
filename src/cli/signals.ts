import type { App } from '../app.ts';
import { deliverEdition, type Errand } from '../delivery/serve.ts';
import type { Trouble } from '../delivery/stop-edition.ts';
import { messageOf } from '../lib/errors.ts';
import { type Io, say } from './io.ts';

/** How long messages in flight may take after the first signal, in ms. */
const graceMs = 25_000;

/** What tells a command to end. */
export type Ending = {
  /** Aborted at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  readonly received: Promise<void>;
  /** Gives the signals back to Node. */
  dispose(): void;
};

/**
 * Listens for SIGINT and SIGTERM: the first one asks for an orderly end, a second one, or 25 s,
 * ends at once. What is in flight then is taken over by whoever comes next.
 */
export function firstSignal(io: Io): Ending {
  const controller = new AbortController();
  const { signal } = controller;
  const atOnce = () => process.exit(130);
  const onSignal = () => {
    if (signal.aborted) atOnce();
    say(io, 'Ending; once more to end at once.');
    setTimeout(atOnce, graceMs).unref();
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal,
    received: new Promise(resolve => signal.addEventListener('abort', () => resolve())),
    dispose: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
}

/** Delivers one edition with a worker of its own; a signal ends it after what is in flight. */
export async function deliverUntilSignal(
  io: Io,
  app: App,
  editionId: number,
  errand: Errand = {},
): Promise<Trouble | null> {
  const worker = await app.startWorker();
  const ending = firstSignal(io);
  ending.signal.addEventListener('abort', () => worker.halt());
  try {
    const trouble = await deliverEdition({ ...app, worker }, editionId, errand);
    // The mail to the operator, where it can go out: no service is here that would send it.
    if (trouble?.why === 'refused' || trouble?.why === 'limit') {
      await worker.sendNotices(app.makeNotice).catch(error => {
        app.runtime.log.error({ error: messageOf(error) }, 'the operator cannot be mailed');
      });
    }
    return trouble;
  } finally {
    await worker.stop();
    ending.dispose();
  }
}
