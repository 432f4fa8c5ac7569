import { InputError } from '../lib/errors.ts';
import { writeSubscriberCsv } from '../readers/csv.ts';
import { forecastImport, importFile } from '../readers/import.ts';
import { readPerson } from '../readers/list.ts';
import type { Database } from '../store/database.ts';
import type { SubscriberStatus } from '../store/schema.ts';
import { countSubscribers, listSubscribers, type Subscriber } from '../store/subscribers.ts';
import { answer, answerJson, answerPiece, count, exitCodes, type Io, say, table } from './io.ts';
import { withApp } from './with-app.ts';

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
  options: { frequency: 'daily' | 'weekly' },
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

/** Takes people off the list. All addresses are looked up before the first is removed. */
export function remove(io: Io, addresses: readonly string[]): Promise<number> {
  return withApp(async ({ list }) => {
    for (const address of addresses) await list.find(address);
    for (const text of addresses) {
      const { address } = await list.remove(text, 'editor');
      say(io, `${address} removed. To undo: paperround subscribers unsuppress ${address}`);
    }
    return exitCodes.done;
  });
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

/** Imports a list file, and says which rows were left out. */
export function importCommand(
  io: Io,
  file: string,
  options: { json?: true; dryRun?: true },
): Promise<number> {
  if (options.dryRun) return forecastCommand(io, file, options);
  return withApp(async ({ list }) => {
    const rows: { line: number; kind: string; reason: string }[] = [];
    const report = await importFile(list, file, ({ line, kind, reason }) => {
      if (rows.length < 1_000) rows.push({ line, kind, reason });
      say(io, `${file}:${line}: ${reason}`);
    });
    const { added, present, suppressed, bad } = report;
    if (options.json) answerJson(io, { ...report, rows });
    else {
      say(
        io,
        `${count(added, 'subscriber')} added, ${present} on the list already, ${suppressed} suppressed, ${count(bad, 'row')} left out`,
      );
    }
    return bad > 0 && added + present + suppressed === 0 ? exitCodes.failed : exitCodes.done;
  });
}

/** Says what importing a list file would do, row by row. */
function forecastCommand(io: Io, file: string, options: { json?: true }): Promise<number> {
  return withApp(async ({ list }) => {
    const rows = [];
    for await (const row of forecastImport(list, file)) {
      if (options.json) rows.push(row);
      else {
        const { line, address, outcome, reason } = row;
        const why = reason ? `: ${reason}` : '';
        await answerPiece(io, `${file}:${line}: ${address ?? '(no address)'} ${outcome}${why}\n`);
      }
    }
    if (options.json) answerJson(io, { file, rows });
    else say(io, 'Nothing was changed.');
    return exitCodes.done;
  });
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
