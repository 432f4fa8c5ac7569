import type { Worker } from '../delivery/worker.ts';
import { type Io, say } from './io.ts';

/** How long messages in flight may take after the first signal, in ms. */
const graceMs = 25_000;

/**
 * Runs `work`, then stops the worker in order. The first SIGINT or SIGTERM lets the messages in
 * flight end; a second one, or 25 s, ends at once.
 */
export async function untilSignal<Result>(
  io: Io,
  worker: Worker,
  work: () => Promise<Result>,
): Promise<Result> {
  let signals = 0;
  const end = () => process.exit(130);
  const onSignal = () => {
    signals += 1;
    if (signals > 1) end();
    say(io, 'Ending after the messages in flight; once more to end at once.');
    setTimeout(end, graceMs).unref();
    worker.halt();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work();
  } finally {
    await worker.stop();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
