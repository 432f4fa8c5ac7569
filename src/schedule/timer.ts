import cron from 'node-cron';

/** A schedule that fires. */
export type Timer = {
  /** When it fires next, UTC ms; null where it never does. */
  next(): number | null;
  stop(): Promise<void>;
};

/** Calls `fire` at each time of `schedule` (five crontab fields) in `timeZone`; never twice at once. */
export function startTimer(
  schedule: string,
  timeZone: string,
  fire: () => Promise<unknown>,
): Timer {
  const task = cron.schedule(schedule, fire, { timezone: timeZone, noOverlap: true });
  return {
    next: () => task.getNextRun()?.getTime() ?? null,
    stop: async () => {
      await task.destroy();
    },
  };
}
