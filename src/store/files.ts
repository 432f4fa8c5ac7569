import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf, messageOf, shortageOf, shortages, UsageError } from '../lib/errors.ts';
import { writeEmptyDatabase } from './sqlite.ts';

/**
 * Makes a file that this user alone may read and write (0600), whatever the umask, and that is
 * there whole or not at all, also after a kill. `write` finds an empty file.
 * @throws an error with code EEXIST where another took the name meanwhile.
 */
export async function createFile(
  path: string,
  write: (draft: string) => unknown | Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(`${path}.`);
  try {
    const draft = join(folder, 'draft');
    writeFileSync(draft, '', { mode: 0o600 });
    await write(draft);
    try {
      linkSync(draft, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST' || existsSync(path)) throw error;
      // Some file systems have no hard links.
      renameSync(draft, path);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Makes an empty database where there is no file, and its folder (0700). SQLite gives the files
 * that it puts beside a database the same permissions.
 * @throws UsageError where a database was and is no more: SQLite would take an empty file for a
 *   new one, and delete the log that still holds the latest changes.
 */
export async function ensureDatabaseFile(path: string): Promise<void> {
  const log = `${path}-wal`;
  // Before the database, which whoever makes both makes first.
  const logged = sizeOf(log) ?? 0;
  const size = sizeOf(path) ?? null;
  if (size === 0 || (size === null && logged > 0)) {
    throw new UsageError(
      `${path} is ${size === 0 ? 'empty (0 bytes)' : `gone, and ${log} is there`}: a database that was here is lost. ` +
        `To go on with its readers, delete both files and put a copy in place (one of paperround backup, or ${path}.before-…); to begin anew, delete both.`,
    );
  }
  if (size !== null) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await createFile(path, writeEmptyDatabase).catch(error => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** Less room than SQLite needs to open a database, in bytes. */
const littleRoom = 1024 * 1024;

/** Why a database file could not be used. On a full disk SQLite may speak of an I/O error. */
export function fileProblem(error: unknown, path: string): string {
  const full = codeOf(error).startsWith('SQLITE_IOERR') && roomBeside(path) < littleRoom;
  return full ? shortages.disk : (shortageOf(error) ?? messageOf(error));
}

function roomBeside(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}

/**
 * The command that keeps others on this machine from a database with its logs and copies, and from
 * `more` files and folders: from those that are this user's and open to others. '' where none is.
 * It is for the operator, since it may be so on purpose.
 */
export function narrowing(database: string, more: readonly string[]): string {
  const folder = dirname(database);
  const beside = readdirSync(folder).filter(name => name.startsWith(basename(database)));
  const wide = more.filter(isWide).map(quoted);
  if (beside.some(name => isWide(join(folder, name)))) wide.unshift(`${quoted(database)}*`);
  return wide.length === 0 ? '' : `chmod go= ${wide.join(' ')}`;
}

function isWide(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return !!found && found.uid === process.getuid?.() && (found.mode & 0o077) !== 0;
}

/** A path as a shell reads it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
