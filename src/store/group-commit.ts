import { type FileHandle, open } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Commits that many wait for: durable like any other, but the disk is waited for elsewhere. */
export type GroupCommit = {
  /** Runs one transaction. `result` is there at once; `durable` resolves when it is on the disk. */
  run<Result>(
    work: (transaction: Database) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly durable: Promise<void> }>;
  close(): Promise<void>;
};

/**
 * SQLite's own sync at commit would hold the event loop for as long as the disk takes. Here the
 * transaction commits with `synchronous = NORMAL` (into the write-ahead log, without a sync), and
 * the log is synced in the thread pool; nobody is told before that has ended, so what is promised
 * is what `FULL` promises (https://www.sqlite.org/wal.html#performance_considerations).
 */
export async function openGroupCommit(db: Database): Promise<GroupCommit> {
  const { rows } = await sql<{ file: string }>`pragma database_list`.execute(db);
  const log = await open(`${rows[0]?.file}-wal`, 'r+');
  const sync = shared(log);
  return {
    async run(work) {
      const result = await db.connection().execute(async connection => {
        await sql`pragma synchronous = normal`.execute(connection);
        try {
          return await connection.transaction().execute(work);
        } finally {
          await sql`pragma synchronous = full`.execute(connection);
        }
      });
      return { result, durable: sync() };
    },
    close: () => log.close(),
  };
}

/** One sync at a time; all who ask while one runs share the next, which begins after they asked. */
function shared(log: FileHandle): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    next = null;
    const sync = log.datasync().finally(() => {
      if (running === sync) running = null;
    });
    running = sync;
    return sync;
  };
  return () => {
    if (!running) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
}
