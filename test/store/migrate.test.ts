import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/lib/errors.ts';
import { backup, type Database, openDatabase } from '../../src/store/database.ts';
import { migrations } from '../../src/store/migrations/index.ts';
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

describe('opening a database', () => {
  it('makes the file, its folder and the tables', async () => {
    const path = join(tempFolder(), 'deep/down/papers.db');
    const db = await startDatabase({ path });
    expect(await versionOf(db)).toBe(migrations.length);
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
    await setVersion(newer, migrations.length + 1);
    await expect(openDatabase(path, testRuntime())).rejects.toThrow(
      /was written by a newer Paperround .* Upgrade the program/,
    );
    expect(await versionOf(newer)).toBe(migrations.length + 1);
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
    expect(await Promise.all(both.map(versionOf))).toEqual([migrations.length, migrations.length]);
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
