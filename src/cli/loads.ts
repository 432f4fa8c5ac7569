import type { App, Loads } from '../app.ts';
import type { Io } from './io.ts';
import { loadAsSet } from './load.ts';
import { loadDaily } from './load-daily.ts';
import { scheduledSource } from './load-scheduled.ts';

/** Where what serves people gets its papers from, as the settings say. */
export function loadsFor(io: Pick<Io, 'stdin'>, app: App): Loads {
  return {
    scheduled: signal => scheduledSource(io, app, { signal }),
    named: (source, referenceDay) =>
      source === undefined
        ? loadDaily(io, app, undefined, { referenceDay })
        : loadAsSet(io, app.config, app.runtime, source, { referenceDay }),
  };
}
