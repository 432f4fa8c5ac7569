import type { App } from '../app.ts';
import type { Prepared } from '../delivery/prepare.ts';
import { publish } from '../delivery/publish.ts';
import { getEdition } from '../store/editions.ts';
import { exitCodes, type Io, say } from './io.ts';
import { report } from './send-report.ts';

/** Stores an edition that begins at its `sendAt`; `start` sends it then. */
export async function scheduleEdition(
  io: Io,
  app: App,
  prepared: Prepared,
  options: { readonly again?: true; readonly json?: true },
): Promise<number> {
  const { publishing, db } = app;
  const id = await publish(publishing, prepared, 'readers', {
    again: options.again === true,
    replaces: scheduledBefore(prepared, options),
  });
  const stored = await getEdition(db, id);
  const { kind, date, picks } = prepared.edition;
  const summary = { edition: id, kind, date, papers: picks.length };
  if (stored?.status !== 'scheduled') {
    say(io, `edition ${id} has begun already: it is ${stored?.status}`);
    report(io, options, { ...summary, reason: `${stored?.status} already` });
    return exitCodes.done;
  }
  const when = app.sayTime(stored.sendAt ?? 0);
  say(io, `edition ${id} is scheduled for ${when}; paperround start sends it then.`);
  say(io, `To give it up: paperround editions cancel ${id}`);
  return report(io, options, { ...summary, reason: 'scheduled' });
}

/** The same edition where it waits for its time: it gets another. */
export function scheduledBefore(
  { existing }: Prepared,
  { again }: { readonly again?: true },
): number | null {
  return existing?.status === 'scheduled' && !again ? existing.id : null;
}
