import { join } from 'node:path';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { startDatabase } from '../support/database.ts';
import { minutes, testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A database, and another process's hold on it. */
async function busyDatabase(onWait: (hold: Libsql.Database) => void) {
  const path = join(tempFolder(), 'papers.db');
  let hold: Libsql.Database | null = null;
  const runtime = testRuntime({ onWait: () => hold && onWait(hold) });
  const db = await startDatabase({ path, runtime });
  hold = new Libsql(path);
  hold.exec('begin immediate');
  return { db, runtime, hold };
}

const write = sql`insert into settings (name, value) values ('a', 'b')`;

describe('a busy database', () => {
  it('is waited for, outside the driver, so that everything else goes on', async () => {
    let waits = 0;
    const { db } = await busyDatabase(hold => {
      waits += 1;
      if (waits === 3) hold.exec('commit');
    });
    await write.execute(db);
    expect(waits).toBe(3);
  });

  it('is waited for at the beginning of a transaction, too', async () => {
    let waits = 0;
    const { db } = await busyDatabase(hold => {
      waits += 1;
      if (waits === 2) hold.exec('commit');
    });
    await db.transaction().execute(transaction => write.execute(transaction));
    expect(waits).toBe(2);
  });

  it('can be read meanwhile', async () => {
    const { db } = await busyDatabase(() => {});
    const { rows } = await sql`select count(*) as count from settings`.execute(db);
    expect(rows).toEqual([{ count: 0 }]);
  });

  it('is given up on in the end, with an error that says why', async () => {
    const { db, runtime, hold } = await busyDatabase(() => {
      runtime.time += minutes(1);
    });
    await expect(write.execute(db)).rejects.toThrow(/locked/);
    hold.close();
  });
});

describe('a value', () => {
  it.each([[undefined], [true], [{}], [Number.NaN], [new Date(0)]])(
    'that the driver cannot bind is refused: %s',
    async value => {
      const db = await startDatabase();
      await expect(sql`select ${value}`.execute(db)).rejects.toThrow(/cannot be stored/);
    },
  );

  it.each([[null], [''], ['ä'], [0], [1.5], [2 ** 40]])('comes back as it was: %s', async value => {
    const db = await startDatabase();
    const { rows } = await sql`select ${value} as value`.execute(db);
    expect(rows).toEqual([{ value }]);
  });
});

describe('a transaction', () => {
  it('that fails leaves nothing', async () => {
    const db = await startDatabase();
    const work = db.transaction().execute(async transaction => {
      await write.execute(transaction);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    const { rows } = await sql`select * from settings`.execute(db);
    expect(rows).toEqual([]);
  });
});
