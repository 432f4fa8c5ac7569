import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../../src/lib/errors.ts';
import { backup, openDatabase, schemaVersion } from '../../src/store/database.ts';
import { fileProblem } from '../../src/store/files.ts';
import { startApp } from '../support/app.ts';
import { fillList, startDatabase } from '../support/database.ts';
import { testRuntime } from '../support/runtime.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The permissions of all files in a folder, by name. */
const modes = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map(name => [name, statSync(join(folder, name)).mode & 0o777]),
  );

/** A database that was written to and is closed. */
async function aDatabase(): Promise<string> {
  const path = join(tempFolder(), 'papers.db');
  const db = await openDatabase(path, testRuntime());
  await fillList(db, 1);
  await db.destroy();
  return path;
}

describe.each(['000', '022', '077'])('with umask %s', umask => {
  beforeEach(() => {
    const before = process.umask(Number.parseInt(umask, 8));
    onTestFinished(() => void process.umask(before));
  });

  it('a database, what SQLite puts beside it, and its folder are its user’s alone', async () => {
    const path = join(tempFolder(), 'deep/down/papers.db');
    await fillList(await startDatabase({ path }), 1);
    expect(modes(dirname(path))).toEqual({
      'papers.db': 0o600,
      'papers.db-shm': 0o600,
      'papers.db-wal': 0o600,
    });
    expect(modes(dirname(dirname(path)))).toEqual({ down: 0o700 });
  });

  it('so are a backup, and the copy before an upgrade, which leave nothing else behind', async () => {
    const path = await aDatabase();
    const db = await openDatabase(path, testRuntime());
    await backup(db, join(dirname(path), 'copy.db'));
    await sql.raw(`pragma user_version = ${schemaVersion - 1}`).execute(db);
    await db.destroy();
    // What is to be done was done already.
    await openDatabase(path, testRuntime()).catch(() => {});
    const found = modes(dirname(path));
    expect(new Set(Object.values(found))).toEqual(new Set([0o600]));
    const names = Object.keys(found).filter(name => !/-(wal|shm)$/.test(name));
    expect(names).toEqual(['copy.db', 'papers.db', `papers.db.before-${schemaVersion}`]);
  });
});

describe('a file that others may read', () => {
  const said = ({ runtime }: Awaited<ReturnType<typeof startApp>>) =>
    runtime.logs.filter(({ msg }) => /chmod/.test(`${msg}`)).map(({ msg }) => msg);

  it('is said once, with what to do, and left as it is', async () => {
    const folder = tempFolder();
    const path = join(folder, 'papers.db');
    await (await startApp({}, { folder })).close();
    for (const mode of [0o640, 0o604, 0o600]) {
      chmodSync(path, mode);
      const app = await startApp({}, { folder, runtime: testRuntime() });
      expect(said(app)).toEqual(
        mode === 0o640 ? [expect.stringContaining(`chmod go= ${path}*`)] : [],
      );
      expect(statSync(path).mode & 0o777).toBe(mode);
      await app.close();
    }
    chmodSync(path, 0o644);
    expect(said(await startApp({}, { folder, runtime: testRuntime() }))).toHaveLength(1);
  });

  it('may be a key', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'it’s the password'), 'correct-horse-battery');
    const settings = { DESK_PASSWORD: '', DESK_PASSWORD_FILE: 'it’s the password' };
    const app = await startApp(settings, { folder });
    expect(said(app)).toEqual([expect.stringContaining(`'${join(folder, 'it’s the password')}'`)]);
  });
});

describe('an empty file in a database’s place', () => {
  it('is asked about, and not taken for a new one', async () => {
    const path = await aDatabase();
    truncateSync(path);
    writeFileSync(`${path}-wal`, 'the latest changes');
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(UsageError);
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(
      /papers\.db is empty \(0 bytes\).* put a copy in place .*; to begin anew, delete both/,
    );
    expect(statSync(path).size).toBe(0);
    expect(readFileSync(`${path}-wal`, 'utf8')).toBe('the latest changes');
  });

  it('is asked about where only its log is left, too', async () => {
    const path = await aDatabase();
    writeFileSync(`${path}-wal`, 'the latest changes');
    rmSync(path);
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(/papers\.db is gone/);
    expect(existsSync(path)).toBe(false);
  });
});

describe('a link in a database’s place', () => {
  it('stays, though it leads to nothing yet', async () => {
    const folder = tempFolder();
    const path = join(folder, 'papers.db');
    symlinkSync(join(folder, 'disk.db'), path);
    await fillList(await startDatabase({ path }), 1);
    expect(readlinkSync(path)).toBe(join(folder, 'disk.db'));
    expect(readdirSync(folder).filter(name => !/-(wal|shm)$/.test(name))).toEqual([
      'disk.db',
      'papers.db',
    ]);
  });
});

describe('a full disk', () => {
  const failed = (code: string, words: string) => Object.assign(new Error(words), { code });

  it.each([
    ['SQLITE_FULL', 'database or disk is full', /^the disk is full: make room/],
    ['ENOSPC', 'ENOSPC: no space left on device, mkdir', /^the disk is full: make room/],
    ['SQLITE_IOERR_WRITE', 'disk I/O error', /^disk I\/O error$/],
    ['SQLITE_CANTOPEN', 'unable to open database file', /^unable to open database file$/],
  ])('is no other fault: %s', (code, words, said) => {
    expect(fileProblem(failed(code, words), join(tempFolder(), 'papers.db'))).toMatch(said);
  });
});

describe.skipIf(!canMount)('a disk that is full at the start (needs root, to mount one)', () => {
  it.each([0, 4, 8, 12, 20, 40, 60])('is called so with %i kB left', async room => {
    const folder = smallDisk(2048);
    writeFileSync(join(folder, 'filler'), Buffer.alloc((2048 - room) * 1024));
    const path = join(folder, 'papers.db');
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(UsageError);
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(
      /papers\.db cannot be opened: the disk is full: make room on it/,
    );
    rmSync(join(folder, 'filler'));
    await fillList(await startDatabase({ path }), 1);
  });

  it('is called so by a backup, which leaves nothing of it there', async () => {
    const db = await startDatabase();
    const folder = smallDisk(64);
    await expect(backup(db, join(folder, 'copy.db'))).rejects.toThrow(
      /copy\.db cannot be written: the disk is full/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
