import { type Logger, schedule } from 'node-cron';

/** A schedule that fires. */
export type Timer = { stop(): Promise<void> };

/** It writes to the terminal, and what it misses is looked for elsewhere. */
const quiet: Logger = { info() {}, warn() {}, error() {}, debug() {} };

/** Calls `fire` at each time of `expression` (five crontab fields) in `timeZone`. */
export function startTimer(expression: string, timeZone: string, fire: () => void): Timer {
  const task = schedule(expression, fire, { timezone: timeZone, logger: quiet });
  return {
    stop: async () => {
      await task.destroy();
    },
  };
}
