import { messageOf } from '../lib/errors.ts';
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
  const { runtime } = parts.publishing;
  let nap = new AbortController();
  const timers = parts.schedules.map(({ expression }) =>
    startTimer(expression, parts.timeZone, () => nap.abort()),
  );
  try {
    while (!signal.aborted) {
      nap = new AbortController();
      const slots = await runRound(parts).catch(error => {
        runtime.log.error({ error: messageOf(error) }, 'the schedule failed; trying again');
        return [];
      });
      for (const slot of slots) onSlot(slot);
      await runtime.wait(beat, AbortSignal.any([nap.signal, signal])).catch(() => 'woken');
    }
  } finally {
    for (const timer of timers) await timer.destroy();
  }
}
