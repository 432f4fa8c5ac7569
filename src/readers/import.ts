import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import { importedHash, rememberImport } from '../store/subscribers.ts';
import { checkSubscriberFile, type OtherRow, readSubscriberRows } from './csv.ts';
import { type Added, type List, mailableProblem, type Person } from './list.ts';

/** What became of a list file's rows. */
export type ImportReport = {
  readonly file: string;
  readonly added: number;
  /** On the list already, or twice in the file. */
  readonly present: number;
  readonly suppressed: number;
  /** Rows that could not be used. */
  readonly bad: number;
  /** Those of them whose address the SMTP server does not take, or is not known to. */
  readonly needSmtputf8: number;
};

/** Rows in one short transaction. */
const batchSize = 500;

/** Reads the bytes of a list, from its beginning each time. */
export type OpenList = () => AsyncIterable<Uint8Array | string>;

/**
 * Imports a list file, in two passes: a file whose rows cannot be told apart is refused before
 * anything is stored. Constant memory. Calls `onRow` for every row that could not be used.
 * Throws an InputError that names the file and line.
 */
export async function importFile(
  list: List,
  file: string,
  onRow: (row: OtherRow) => void = () => {},
  open: OpenList = () => readFile(file),
): Promise<ImportReport> {
  await checkSubscriberFile(open(), file);
  const sum = { added: 0, present: 0, suppressed: 0, bad: 0, needSmtputf8: 0 };
  const offered = await list.smtputf8Offered();
  let batch: Person[] = [];
  const store = async () => {
    const stored = await list.addAll(batch, `file:${file}`);
    sum.added += stored.added;
    sum.present += stored.present;
    sum.suppressed += stored.suppressed;
    batch = [];
  };
  const refuse = (row: OtherRow) => {
    sum.bad += 1;
    onRow(row);
  };
  for await (const row of readSubscriberRows(open(), file)) {
    if (row.kind !== 'subscriber') {
      refuse(row);
      continue;
    }
    const problem = mailableProblem(row.address, offered);
    if (problem) {
      sum.needSmtputf8 += 1;
      refuse({ kind: 'bad', line: row.line, reason: problem });
    } else batch.push({ ...row, frequency: row.frequency ?? 'daily' });
    if (batch.length >= batchSize) await store();
  }
  if (batch.length > 0) await store();
  return { file, ...sum };
}

/** What would become of one row of a list. */
export type RowForecast = {
  readonly line: number;
  /** Null where the row has none that can be read. */
  readonly address: string | null;
  readonly outcome: Added | 'left out';
  readonly reason: string | null;
};

/**
 * Says of each row of a list what importing it would do, and does nothing. Throws an InputError
 * where the file would be refused.
 */
export async function* forecastImport(
  list: List,
  file: string,
  open: OpenList = () => readFile(file),
): AsyncGenerator<RowForecast> {
  await checkSubscriberFile(open(), file);
  const offered = await list.smtputf8Offered();
  const before = new Set<string>();
  for await (const row of readSubscriberRows(open(), file)) {
    const { line } = row;
    if (row.kind !== 'subscriber') {
      yield { line, address: null, outcome: 'left out', reason: row.reason };
      continue;
    }
    const { address } = row.address;
    const problem = mailableProblem(row.address, offered);
    if (problem) yield { line, address, outcome: 'left out', reason: problem };
    else if (before.has(row.address.key)) {
      yield { line, address, outcome: 'there already', reason: 'stands in the file before' };
    } else {
      before.add(row.address.key);
      yield { line, address, outcome: await list.forecast(row.address), reason: null };
    }
  }
}

/** Stands after the hash of a file with rows that an SMTP server with SMTPUTF8 will let in. */
const incomplete = ' without SMTPUTF8';

/**
 * Imports the list files of a folder that changed since they were imported last, or hold rows that
 * can be used now that the SMTP server is known to offer SMTPUTF8. A file that
 * cannot be read is reported and left out: yesterday's list still gets today's papers.
 */
export async function importChangedLists(
  parts: { db: Database; list: List; runtime: Runtime },
  files: readonly string[],
): Promise<ImportReport[]> {
  const { db, list, runtime } = parts;
  const reports: ImportReport[] = [];
  for (const file of files) {
    try {
      const hash = await hashFile(file);
      const kept = await importedHash(db, file);
      if (kept === hash) continue;
      if (kept === hash + incomplete && !(await list.smtputf8Offered())) continue;
      const report = await importFile(list, file, ({ line, reason }) =>
        runtime.log.warn({ file, line, reason }, 'a row of a list was left out'),
      );
      const known = report.needSmtputf8 > 0 ? hash + incomplete : hash;
      await rememberImport(db, file, known, runtime.now());
      runtime.log.info(report, 'imported a list');
      reports.push(report);
    } catch (error) {
      runtime.log.error({ file, problem: messageOf(error) }, 'a list could not be imported');
    }
  }
  return reports;
}

/** The list files in a folder, by name; none where there is no such folder. */
export async function listFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(name => name.endsWith('.csv') && name !== exampleList)
    .sort()
    .map(name => join(folder, name));
}

/** The list that shows how one is written; the demo alone mails it. */
export const exampleList = 'example.csv';

async function* readFile(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : messageOf(cause);
    throw new InputError(`${file} cannot be read: ${reason}`, { cause });
  }
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readFile(file)) hash.update(chunk);
  return hash.digest('hex');
}
