import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { InputError, messageOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import { queueOperatorNotice } from '../store/notices.ts';
import { importedHash, rememberImport } from '../store/subscribers.ts';
import { type ImportOptions, type ImportReport, importFile, type ListFile } from './import.ts';
import type { List } from './list.ts';
import { latest } from './list-file.ts';
import { OpenQuestionError } from './questions.ts';

/** A list file on disk; made on the day in its name, else when it was changed last. */
export async function listFileAt(file: string): Promise<ListFile> {
  const { mtimeMs } = await stat(file).catch(cause => {
    throw unreadable(file, cause);
  });
  return { file, open: () => readFile(file), madeAt: dayInName(file) ?? Math.ceil(mtimeMs) };
}

/** The end of the day in a list's name, as in `members_2025-09-03.csv`; null where there is none. */
export function dayInName(file: string): number | null {
  const [, year, month, day] =
    /(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)/.exec(basename(file)) ?? [];
  return latest(`${year}-${month}-${day}`);
}

/** What importing list files on disk works with. */
export type FolderParts = {
  readonly db: Database;
  readonly list: List;
  readonly runtime: Pick<Runtime, 'now' | 'log'>;
  /** Who is mailed where a file is left out; null: nobody. */
  readonly admin: string | null;
};

/** Stands after the hash of a file with rows that an SMTP server with SMTPUTF8 will let in. */
const incomplete = ' without SMTPUTF8';
/** Stands after the hash of a file that a person has to explain. */
const unexplained = ' unexplained';

/** Imports a list file on disk, and remembers its content. Throws as `importFile` does. */
export async function importPath(
  { db, list, runtime }: Omit<FolderParts, 'admin'>,
  file: string,
  options: ImportOptions,
): Promise<ImportReport> {
  const hash = await hashFile(file);
  const report = await importFile(list, await listFileAt(file), options);
  const known = report.needSmtputf8 > 0 ? hash + incomplete : hash;
  await rememberImport(db, relative('', file), known, runtime.now());
  return report;
}

/** A list file that a person has to explain, and that is left out as a whole until then. */
export type LeftOut = { readonly file: string; readonly leftOut: true };

/**
 * Imports the list files of a folder that changed since they were imported last, or hold rows that
 * can be used now that the SMTP server is known to offer SMTPUTF8. A file that cannot be read is
 * reported and left out: yesterday's list still gets today's papers. So is one that a person has to
 * explain, of which the operator is told once for each content of it.
 */
export async function importChangedLists(
  parts: FolderParts,
  files: readonly string[],
): Promise<readonly (ImportReport | LeftOut)[]> {
  const { db, list, runtime } = parts;
  const reports: (ImportReport | LeftOut)[] = [];
  for (const file of files) {
    try {
      const hash = await hashFile(file);
      const kept = await importedHash(db, relative('', file));
      if (kept === hash + unexplained) reports.push({ file, leftOut: true });
      if (kept === hash || kept === hash + unexplained) continue;
      if (kept === hash + incomplete && !(await list.smtputf8Offered())) continue;
      const report = await importPath(parts, file, {
        onRow: ({ line, outcome, reason }) => {
          if (outcome === 'left out') {
            runtime.log.warn({ file, line, reason }, 'a row of a list was left out');
          }
        },
      }).catch(error => leaveOut(parts, file, hash, error));
      if (!('leftOut' in report)) runtime.log.info(report, 'imported a list');
      reports.push(report);
    } catch (error) {
      runtime.log.error({ file, problem: messageOf(error) }, 'a list could not be imported');
    }
  }
  return reports;
}

async function leaveOut(
  { db, runtime, admin }: FolderParts,
  file: string,
  hash: string,
  error: unknown,
): Promise<LeftOut> {
  if (!(error instanceof OpenQuestionError)) throw error;
  const columns = error.columns.map(({ name }) => name).join(', ') || 'its name';
  runtime.log.error({ file, columns }, 'a list was left out: it may name people who opted out');
  if (admin !== null) {
    const about = { words: 'list-left-out', file, columns };
    const notice = { purpose: 'trouble', window: windowOf(hash), address: admin, about } as const;
    await queueOperatorNotice(db, notice, runtime.now());
  }
  await rememberImport(db, relative('', file), hash + unexplained, runtime.now());
  return { file, leftOut: true };
}

/** One number for a file's content, above those of days (see `schedule/operator-alerts`). */
const windowOf = (hash: string) => 2 ** 48 + Number.parseInt(hash.slice(0, 12), 16);

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
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): InputError {
  const { code } = cause as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'there is no such file' : messageOf(cause);
  return new InputError(`${file} cannot be read: ${reason}`, { cause });
}

/** Counts up with what is read out of a list: files that were imported before are read once more. */
const reading = '2';

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256').update(reading);
  for await (const chunk of readFile(file)) hash.update(chunk);
  return hash.digest('hex');
}
