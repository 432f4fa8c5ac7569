import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/lib/errors.ts';
import { backup, type Database, openDatabase, schemaVersion } from '../../src/store/database.ts';
import { getEdition } from '../../src/store/editions.ts';
import { countDeliveries } from '../../src/store/reports.ts';
import { countSubscribers } from '../../src/store/subscribers.ts';
import { fillList, startDatabase } from '../support/database.ts';
import { testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function versionOf(db: Database): Promise<number | undefined> {
  const { rows } = await sql<{ userVersion: number }>`pragma user_version`.execute(db);
  return rows[0]?.userVersion;
}

const setVersion = (db: Database, version: number) =>
  sql.raw(`pragma user_version = ${version}`).execute(db);

/** A database as the program wrote it whose schema had number 5, before its steps were one. */
function writeOldDatabase(path: string): void {
  const database = new Libsql(path);
  database.exec(readFileSync(new URL('../data/database-5.sql', import.meta.url), 'utf8'));
  database.close();
}

/** What tables and indexes there are, however their definitions are broken into lines. */
async function schemaOf(db: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ sql: string }>`
    select sql from sqlite_master where sql is not null order by type, name`.execute(db);
  return rows.map(row => row.sql.replace(/\s+/g, ' ').replace(/ ?([(),]) ?/g, '$1'));
}

describe('opening a database', () => {
  it('makes the file, its folder and the tables', async () => {
    const path = join(tempFolder(), 'deep/down/papers.db');
    const db = await startDatabase({ path });
    expect(await versionOf(db)).toBe(schemaVersion);
    expect(existsSync(path)).toBe(true);
  });

  it('finds what was stored before, and makes no copy', async () => {
    const folder = tempFolder();
    const path = join(folder, 'papers.db');
    const first = await openDatabase(path, testRuntime());
    await fillList(first, 2);
    await first.destroy();
    expect(await countSubscribers(await startDatabase({ path }))).toEqual({ active: 2 });
    expect(readdirSync(folder).filter(name => name.includes('before'))).toEqual([]);
  });

  it('refuses one that a newer program wrote, and leaves it as it is', async () => {
    const path = join(tempFolder(), 'papers.db');
    const newer = await startDatabase({ path });
    await setVersion(newer, schemaVersion + 1);
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(
      /was written by a newer Paperround .* Upgrade the program/,
    );
    expect(await versionOf(newer)).toBe(schemaVersion + 1);
  });

  it('opens one that was made before there was a first migration, with what is in it', async () => {
    const path = join(tempFolder(), 'papers.db');
    writeOldDatabase(path);
    const db = await startDatabase({ path });
    expect(await countSubscribers(db)).toEqual({ active: 2, unsubscribed: 1 });
    expect(await countDeliveries(db, 1)).toMatchObject({ queued: 2, skipped: 1 });
    expect(await getEdition(db, 1)).toMatchObject({ date: '2025-09-03', status: 'sending' });
    expect(await schemaOf(db)).toEqual(await schemaOf(await startDatabase()));
    expect(existsSync(`${path}.before-6`)).toBe(true);
  });

  it('refuses one from before the first release, says what upgrades it, and changes nothing', async () => {
    const path = join(tempFolder(), 'papers.db');
    const older = await startDatabase({ path });
    await setVersion(older, 4);
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(/schema 4.* commit \w+/);
    expect(await versionOf(older)).toBe(4);
  });

  it('refuses a file that is no database', async () => {
    const path = join(tempFolder(), 'papers.db');
    writeFileSync(path, 'email,name\nada@example.org,Ada\n'.repeat(100));
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(UsageError);
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(/papers\.db cannot be opened/);
  });

  it('makes it once where two open it at the same time', async () => {
    const path = join(tempFolder(), 'papers.db');
    const both = await Promise.all([startDatabase({ path }), startDatabase({ path })]);
    expect(await Promise.all(both.map(versionOf))).toEqual([schemaVersion, schemaVersion]);
  });
});

describe('a backup', () => {
  it('is a whole database, made while the original is in use', async () => {
    const folder = tempFolder();
    const db = await startDatabase({ path: join(folder, 'papers.db') });
    await fillList(db, 3);
    await backup(db, join(folder, 'copy.db'));
    const copy = await startDatabase({ path: join(folder, 'copy.db') });
    expect(await countSubscribers(copy)).toEqual({ active: 3 });
  });

  it('overwrites nothing', async () => {
    const folder = tempFolder();
    const db = await startDatabase({ path: join(folder, 'papers.db') });
    copyFileSync(join(folder, 'papers.db'), join(folder, 'copy.db'));
    await expect(backup(db, join(folder, 'copy.db'))).rejects.toThrow(/exists already/);
  });

  it('says so where it cannot be written', async () => {
    const db = await startDatabase();
    await expect(backup(db, join(tempFolder(), 'no/such/folder.db'))).rejects.toThrow(
      /cannot be written/,
    );
  });
});
