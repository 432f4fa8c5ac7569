import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { App } from '../app.ts';
import type { Frequency } from '../edition/edition.ts';
import { InputError } from '../lib/errors.ts';
import { writeSubscriberCsv } from '../readers/csv.ts';
import {
  describeImport,
  type ImportReport,
  importFile,
  newReport,
  type RowOutcome,
} from '../readers/import.ts';
import { readAddress, readPerson } from '../readers/list.ts';
import { importPath, listFileAt } from '../readers/list-folder.ts';
import type { Answers } from '../readers/questions.ts';
import type { Database } from '../store/database.ts';
import type { SubscriberStatus, SuppressionReason } from '../store/schema.ts';
import { countSubscribers, listSubscribers, type Subscriber } from '../store/subscribers.ts';
import { answer, answerJson, answerPiece, exitCodes, type Io, say, table } from './io.ts';
import { withApp } from './setup.ts';

/** Rows read at a time: a list of a million is never held at once. */
const pageSize = 1_000;

/** Shows the list, a line each. */
export function listCommand(
  io: Io,
  options: { status?: SubscriberStatus; json?: true },
): Promise<number> {
  return withApp(async ({ db }) => {
    if (options.json) {
      await streamJson(io, allSubscribers(db, options.status));
      return exitCodes.done;
    }
    const counts = await countSubscribers(db);
    if (Object.keys(counts).length === 0) {
      say(io, 'Nobody yet. Try: paperround subscribers add ada@example.org');
      return exitCodes.done;
    }
    for await (const subscriber of allSubscribers(db, options.status)) {
      await answerPiece(io, `${row(subscriber).join('\t')}\n`);
    }
    say(
      io,
      Object.entries(counts)
        .map(([status, number]) => `${number} ${status}`)
        .join(', '),
    );
    return exitCodes.done;
  });
}

/** Shows one subscriber. */
export function show(io: Io, address: string, options: { json?: true }): Promise<number> {
  return withApp(async ({ list }) => {
    const subscriber = subscriberJson(await list.find(address));
    if (options.json) answerJson(io, subscriber);
    else
      answer(
        io,
        table(Object.entries(subscriber).map(([name, value]) => [name, `${value ?? '—'}`])),
      );
    return exitCodes.done;
  });
}

/** Adds people who asked for it. All addresses are read before the first is added. */
export function add(
  io: Io,
  addresses: readonly string[],
  options: { frequency: Frequency },
): Promise<number> {
  return withApp(async ({ list }) => {
    const people = addresses.map(text => readPerson(text, options.frequency));
    // Throws where one of them cannot be mailed from here.
    await list.mailable(people);
    let refused = 0;
    for (const person of people) {
      const { address } = person.address;
      const result = await list.add(person, 'cli');
      if (result === 'suppressed') {
        refused += 1;
        say(
          io,
          `${address} left or was removed, and was not added. If they asked to come back: paperround subscribers unsuppress ${address}`,
        );
      } else {
        say(io, result === 'added' ? `${address} added` : `${address} is on the list already`);
      }
    }
    return refused > 0 ? exitCodes.failed : exitCodes.done;
  });
}

/** Takes people off the list; who cannot be is named, and the others are all the same. */
export function remove(io: Io, addresses: readonly string[]): Promise<number> {
  return withApp(({ list }) =>
    each(io, addresses, async text => {
      const { address } = await list.remove(text, 'editor');
      say(io, `${address} removed. To undo: paperround subscribers unsuppress ${address}`);
    }),
  );
}

/** Takes over opt-outs: of files, of single addresses, known here or not. */
export function suppressCommand(
  io: Io,
  given: readonly string[],
  options: { reason?: SuppressionReason; json?: true },
): Promise<number> {
  return withApp(async app => {
    const reports: ImportReport[] = [];
    const code = await each(io, given, async one => {
      const report = await suppressOne(io, app, one, options.reason ?? null);
      reports.push(report);
      if (!options.json) say(io, `${report.file}: ${describeImport(report, null)}`);
    });
    if (options.json) answerJson(io, { reports });
    return code;
  });
}

async function suppressOne(
  io: Io,
  { list, runtime }: App,
  given: string,
  reason: SuppressionReason | null,
): Promise<ImportReport> {
  const onRow = (row: RowOutcome) => sayLeftOut(io, given, row);
  if (given === '-') {
    const bytes = await buffer(io.stdin);
    const file = { file: 'standard input', open: () => Readable.from([bytes]) };
    return importFile(list, { ...file, madeAt: runtime.now() }, { suppress: { reason }, onRow });
  }
  if (existsSync(given) || !given.includes('@')) {
    return importFile(list, await listFileAt(given), { suppress: { reason }, onRow });
  }
  const why = reason ?? 'left';
  await list.suppressAll([{ address: readAddress(given), reason: why, since: null }]);
  return { ...newReport(given), suppressed: 1, reasons: { [why]: 1 } };
}

/** Does it for each, and goes on after one that cannot be used. */
async function each(
  io: Io,
  given: readonly string[],
  act: (one: string) => Promise<void>,
): Promise<number> {
  let code: number = exitCodes.done;
  for (const one of given) {
    try {
      await act(one);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      say(io, error.message);
      code = exitCodes.failed;
    }
  }
  return code;
}

/** Lifts what stands against an address. */
export function unsuppressCommand(io: Io, address: string): Promise<number> {
  return withApp(async ({ list }) => {
    const lifted = await list.unsuppress(address);
    if (!lifted) throw new InputError(`nothing stands against ${address}`);
    say(io, `${address} may be mailed again`);
    return exitCodes.done;
  });
}

/** Deletes all that is known of an address. */
export function forgetCommand(io: Io, address: string): Promise<number> {
  return withApp(async ({ list }) => {
    await list.forget(address);
    say(io, 'forgotten; only a keyed hash of the address stays, so that no import brings it back');
    return exitCodes.done;
  });
}

/** How many rows `--json` tells of, unless each of them was asked for. */
const mostRows = 1_000;

/** Imports a list file, and says which rows were left out; or what would become of each row. */
export function importCommand(
  io: Io,
  file: string,
  { json, dryRun, ...answers }: Answers & { json?: true; dryRun?: true },
): Promise<number> {
  return withApp(async app => {
    const rows: RowOutcome[] = [];
    const onRow = async (row: RowOutcome) => {
      const isTold = dryRun || row.outcome === 'left out' || row.outcome === 'kept';
      if (json && isTold && (dryRun || rows.length < mostRows)) rows.push(row);
      if (!dryRun) sayLeftOut(io, file, row);
      else if (!json) await answerPiece(io, `${file}:${row.line}: ${rowInWords(row)}\n`);
    };
    const report = dryRun
      ? await importFile(app.list.rehearsal(), await listFileAt(file), { answers, onRow })
      : await importPath(app, file, { answers, onRow });
    if (json) answerJson(io, { ...report, rows });
    else say(io, describeImport(report, 'subscriber'));
    if (dryRun) say(io, 'Nothing was changed.');
    const { bad, ...used } = report;
    const isUseless = bad > 0 && used.added + used.present + used.suppressed + used.kept === 0;
    return isUseless && !dryRun ? exitCodes.failed : exitCodes.done;
  });
}

function sayLeftOut(io: Io, file: string, { line, outcome, reason }: RowOutcome): void {
  if (outcome === 'left out' || outcome === 'kept') say(io, `${file}:${line}: ${reason}`);
}

function rowInWords({ address, outcome, reason }: RowOutcome): string {
  return `${address ?? '(no address)'} ${outcome}${reason ? `: ${reason}` : ''}`;
}

/** Prints the list as CSV; what `import` reads. */
export function exportCommand(io: Io): Promise<number> {
  return withApp(async ({ db }) => {
    for await (const text of writeSubscriberCsv(allSubscribers(db))) await answerPiece(io, text);
    return exitCodes.done;
  });
}

async function* allSubscribers(db: Database, status?: SubscriberStatus) {
  let afterId = 0;
  for (;;) {
    const page = await listSubscribers(db, { afterId, limit: pageSize, status });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    afterId = last.id;
  }
}

function subscriberJson({ address, createdAt, changedAt, pausedUntil, ...rest }: Subscriber) {
  const { tokenCounter: _, ...known } = rest;
  const [since, changed] = [createdAt, changedAt].map(instant => new Date(instant).toISOString());
  const paused = pausedUntil === null ? {} : { pausedUntil: new Date(pausedUntil).toISOString() };
  return { email: address, ...known, ...paused, since, changed };
}

function row({ address, status, frequency, name }: Subscriber): string[] {
  return [address, status, frequency, name ?? ''];
}

async function streamJson(io: Io, subscribers: AsyncIterable<Subscriber>): Promise<void> {
  await answerPiece(io, '{"subscribers": [');
  let separator = '\n';
  for await (const subscriber of subscribers) {
    await answerPiece(io, `${separator}  ${JSON.stringify(subscriberJson(subscriber))}`);
    separator = ',\n';
  }
  await answerPiece(io, '\n]}\n');
}
