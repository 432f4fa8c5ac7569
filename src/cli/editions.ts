import type { App } from '../app.ts';
import { cancelEdition, pauseEdition, resumeEdition } from '../delivery/edition-life.ts';
import { InputError } from '../lib/errors.ts';
import { getEdition, listEditions, type StoredEdition } from '../store/editions.ts';
import { countDeliveries, openOf } from '../store/reports.ts';
import { listSlots, type Slot } from '../store/slots.ts';
import { answer, answerJson, exitCodes, type Io, say, table } from './io.ts';
import { withApp } from './setup.ts';

/** Shows the latest editions, and the scheduled days that came to none. */
export function listCommand(io: Io, options: { limit: number; json?: true }): Promise<number> {
  return withApp(async ({ db, config }) => {
    const editions = await listEditions(db, options.limit);
    const slots = await listSlots(db, options.limit);
    if (options.json) {
      answerJson(io, { editions: editions.map(editionJson), slots });
      return exitCodes.done;
    }
    const without = slots.filter(({ editionId }) => editionId === null);
    if (editions.length + without.length === 0) say(io, 'No editions yet.');
    if (editions.length > 0) {
      const rows = await Promise.all(editions.map(edition => editionRow(db, edition)));
      answer(
        io,
        table([['id', 'date', 'kind', 'status', 'sent', 'waiting', 'failed', 'subject'], ...rows]),
      );
    }
    for (const slot of without) answer(io, whyNone(slot, config.timeZone));
    return exitCodes.done;
  });
}

/** `2025-09-06: no daily edition (source-empty): it lists no papers`. */
function whyNone({ kind, date, outcome, reason, againAt }: Slot, timeZone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' });
  const again = againAt === null ? '' : `; looked for again at ${time.format(againAt)}`;
  const yet = againAt === null ? '' : ' yet';
  return `${date}: no ${kind} edition${yet} (${outcome})${reason ? `: ${reason}` : ''}${again}`;
}

async function editionRow(db: App['db'], edition: StoredEdition): Promise<string[]> {
  const deliveries = await countDeliveries(db, edition.id);
  const { id, date, kind, status, subject } = edition;
  const counts = [deliveries.sent, openOf(deliveries), deliveries.failed].map(String);
  return [`${id}`, date, kind, status, ...counts, subject];
}

/** A command that does something to an edition, and says what came of it. */
function change(act: typeof pauseEdition, said: (id: string) => string) {
  return (io: Io, id: string): Promise<number> =>
    withApp(async app => {
      await act(app, await findByNumber(app.db, id));
      say(io, `edition ${id} ${said(id)}`);
      return exitCodes.done;
    });
}

/** Stops sending an edition until it is resumed. */
export const pause = change(
  pauseEdition,
  id => `is paused. To go on: paperround editions resume ${id}`,
);

/** Goes on with a paused edition. */
export const resume = change(
  resumeEdition,
  () => 'goes on, where paperround start runs or as soon as the same send is run again',
);

/** Gives an edition up; who has it keeps it. */
export const cancel = change(cancelEdition, () => 'is cancelled');

/** The edition a person named by its number. Throws an InputError where there is none. */
export async function findByNumber(db: App['db'], id: string): Promise<StoredEdition> {
  const edition = /^\d{1,12}$/.test(id) ? await getEdition(db, Number(id)) : null;
  if (edition) return edition;
  throw new InputError(`there is no edition ${id}; paperround editions list shows them`);
}

/** An edition as `--json` prints it. */
export function editionJson(edition: StoredEdition) {
  const { content, linkKeyId: _, ...rest } = edition;
  return { ...rest, papers: content.picks.length };
}
