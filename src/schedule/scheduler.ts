import { startLoop, tryAgain } from '../lib/loop.ts';
import type { Slot } from '../store/slots.ts';
import { startTimer } from './cron.ts';
import { runRound, type ScheduleParts } from './rounds.ts';

/** How often it is looked what is due, beside the schedules' own times; in ms. */
const beat = 60_000;

/**
 * Publishes what the schedules name until `signal` is aborted; `onSlot` is told of each slot. node-cron
 * fires at their times; the beat covers what it leaves out: times that clocks skip, a machine that
 * slept, and clocks that were set. Never throws: what goes wrong is logged and tried again.
 * @returns what resolves when it has ended.
 */
export async function runScheduler(
  parts: ScheduleParts,
  onSlot: (slot: Slot) => void,
  signal: AbortSignal,
): Promise<void> {
  const { wait, log } = parts.publishing.runtime;
  const round = async () => {
    for (const slot of await runRound(parts)) onSlot(slot);
    return beat;
  };
  const loop = startLoop(round, { signal, wait, onFailure: tryAgain(log, 'the schedule', beat) });
  const timers = parts.schedules.map(({ expression }) =>
    startTimer(expression, parts.timeZone, loop.wake),
  );
  await loop.ended;
  for (const timer of timers) await timer.destroy();
}
