import { type FileHandle, open } from 'node:fs/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteDialect,
  type SqliteDialectConfig,
  sql,
} from 'kysely';
import Libsql from 'libsql';
import { codeOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Schema } from './schema.ts';

/** How long one statement may block the event loop while another process holds the database. */
const busyTimeoutMs = 15;

/**
 * How long a statement is tried again before its caller hears that the database is locked: less
 * than the web server leaves a connection silent, so that whoever waits for a page is told.
 */
const busyDeadlineMs = 20_000;

/**
 * SQLite through libsql, whose driver is synchronous. A busy database is therefore waited for
 * outside the driver, with jitter, so that the event loop goes on; transactions begin
 * `immediate`, so that a read in them never has to be upgraded and refused.
 */
export class LibsqlDialect extends SqliteDialect {
  readonly #runtime: Runtime;

  constructor(path: string, runtime: Runtime) {
    super({ database: async () => openLibsql(path) });
    this.#runtime = runtime;
  }

  override createDriver(): Driver {
    return patientDriver(super.createDriver(), this.#runtime);
  }
}

function openLibsql(path: string): Exclude<SqliteDialectConfig['database'], () => unknown> {
  const database = new Libsql(path, { timeout: busyTimeoutMs });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  const statements = new Map<string, ReturnType<typeof wrap>>();
  const wrap = (sql: string) => {
    const statement = database.prepare(sql);
    return {
      reader: statement.reader,
      all: (parameters: readonly unknown[]) => statement.all(parameters.map(bindable)),
      run: (parameters: readonly unknown[]) => statement.run(parameters.map(bindable)),
      iterate: (): never => {
        throw new Error('streaming would hold the connection; read in ranges instead');
      },
    };
  };
  return {
    prepare: sql => {
      const known = statements.get(sql);
      if (known) return known;
      // Preparing costs twice what running does. The program has some hundred statements.
      if (statements.size >= 500) statements.clear();
      const statement = wrap(sql);
      statements.set(sql, statement);
      return statement;
    },
    close: () => {
      statements.clear();
      database.close();
    },
  };
}

/** Makes an empty database of an empty file. */
export function writeEmptyDatabase(path: string): void {
  openLibsql(path).close();
}

/** libsql aborts the whole process on a value it cannot bind, so nothing else gets through. */
function bindable(value: unknown): string | number | bigint | null {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`a ${typeof value} cannot be stored`);
}

function patientDriver(inner: Driver, runtime: Runtime): Driver {
  const patient = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const begin = CompiledQuery.raw('begin immediate');
  return {
    init: () => inner.init(),
    destroy: () => inner.destroy(),
    async acquireConnection() {
      const connection = await inner.acquireConnection();
      const known = patient.get(connection) ?? patientConnection(connection, runtime);
      patient.set(connection, known);
      return known;
    },
    releaseConnection: connection => inner.releaseConnection(connection),
    async beginTransaction(connection) {
      await connection.executeQuery(begin);
    },
    commitTransaction: connection => inner.commitTransaction(connection),
    rollbackTransaction: connection =>
      inner.rollbackTransaction(connection).catch(error => {
        // On a full disk SQLite has rolled back by itself; what matters is why.
        if (!/no transaction is active/.test(String(error))) throw error;
      }),
  };
}

function patientConnection(inner: DatabaseConnection, runtime: Runtime): DatabaseConnection {
  return {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const deadline = runtime.now() + busyDeadlineMs;
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await inner.executeQuery<Row>(query);
        } catch (error) {
          if (!isBusy(error) || runtime.now() > deadline) throw error;
          const ceiling = Math.min(5 * 2 ** attempt, 200);
          await runtime.wait(1 + ((runtime.random(1)[0] ?? 0) / 255) * ceiling);
        }
      }
    },
    streamQuery: (query, chunkSize) => inner.streamQuery(query, chunkSize),
  };
}

function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

/**
 * Whether it may pass: the disk is full or broken, or another program keeps the database locked.
 * What failed was not written, and may be written again.
 */
export function mayPass(error: unknown): boolean {
  return isBusy(error) || /^SQLITE_(FULL|IOERR)/.test(codeOf(error));
}

/** Commits that many wait for: durable like any other, but the disk is waited for elsewhere. */
export type GroupCommit = {
  /** Runs one transaction. `result` is there at once; `durable` resolves when it is on the disk. */
  run<Result>(
    work: (transaction: Kysely<Schema>) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly durable: Promise<void> }>;
  close(): Promise<void>;
};

/**
 * SQLite's own sync at commit would hold the event loop for as long as the disk takes. Here the
 * transaction commits with `synchronous = NORMAL` (into the write-ahead log, without a sync), and
 * the log is synced in the thread pool; nobody is told before that has ended, so what is promised
 * is what `FULL` promises (https://www.sqlite.org/wal.html#performance_considerations).
 */
export async function openGroupCommit(db: Kysely<Schema>): Promise<GroupCommit> {
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

/** Any text with this in it; what LIKE would read as a pattern is itself. */
export function like(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
