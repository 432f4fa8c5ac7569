import { type Prepared, prepare } from '../../src/delivery/prepare.ts';
import { publish } from '../../src/delivery/publish.ts';
import {
  type ConnectFailure,
  type Connection,
  defaultDeadlines,
  openConnection,
  type SmtpDeadlines,
  type SmtpSettings,
} from '../../src/delivery/smtp.ts';
import type { Trouble } from '../../src/delivery/stop-edition.ts';
import { startWorker } from '../../src/delivery/worker.ts';
import { makeDue } from '../../src/store/deliveries.ts';
import { getEdition, moveEdition } from '../../src/store/editions.ts';
import { addReaders, addresses, aRequest, startApp, type TestApp } from './app.ts';

/** An edition to readers behind a server that may fail in any way. */
export type FaultRun = {
  readonly app: TestApp;
  readonly edition: number;
  /** Lets a worker of its own send what is due, each delivery once. */
  deliver(): Promise<Trouble | null>;
  /** As an operator does it: resumes the edition, makes all due, delivers. */
  deliverAgain(): Promise<Trouble | null>;
  /** May be changed between runs. */
  deadlines: SmtpDeadlines;
  /** One line a reader: state, attempts and code, and how often the final reply was lost. */
  ledger(): Promise<string[]>;
  /** The edition's status, and who paused it. */
  status(): Promise<string>;
};

type Options = {
  /** How many readers of one domain, or all their addresses. */
  readonly readers?: number | readonly string[];
  readonly lanes?: number;
  /** Only what must pass for a test to go on is short: a slow machine trips over no other. */
  readonly deadlines?: Partial<SmtpDeadlines>;
  readonly settings?: Partial<SmtpSettings>;
  /** Awaited before the lane is given its connection. */
  readonly onConnection?: (connection: Connection | ConnectFailure) => Promise<unknown>;
};

let prepared: Prepared | null = null;

/** Publishes an edition to readers; the real worker delivers through `port`. */
export async function startFaultRun(
  port: number,
  { readers = 3, lanes = 1, deadlines = {}, settings = {}, onConnection }: Options = {},
): Promise<FaultRun> {
  const app = await startApp();
  const { db, runtime, publishing } = app;
  await addReaders(app, typeof readers === 'number' ? addresses(readers) : readers);
  // Rendering takes longer than delivering, and is the same for all.
  prepared ??= await preparedEdition(app);
  const edition = await publish(publishing, prepared, 'readers');
  const smtp: SmtpSettings = {
    host: '127.0.0.1',
    port,
    tls: 'none',
    auth: null,
    clientName: 'news.example.org',
    ...settings,
  };
  const deliver = async () => {
    const worker = await startWorker({
      db,
      runtime,
      connect: async () => {
        const connection = await openConnection(smtp, run.deadlines);
        await onConnection?.(connection);
        return connection;
      },
      from: publishing.sender.from.address,
      lanes,
      linkKeys: app.linkKeys,
      operator: { address: 'operator@example.org', timeZone: 'UTC' },
    });
    try {
      return await worker.deliver(edition);
    } finally {
      await worker.stop();
    }
  };
  const run: FaultRun = {
    app,
    edition,
    deadlines: { ...defaultDeadlines, ...deadlines },
    deliver,
    async deliverAgain() {
      await moveEdition(db, edition, ['paused'], 'sending');
      await makeDue(db, edition, runtime.now());
      return deliver();
    },
    async ledger() {
      const rows = await db
        .selectFrom('deliveries')
        .select(['state', 'attempts', 'code', 'lost'])
        .orderBy('subscriberId')
        .execute();
      return rows.map(({ state, attempts, code, lost }) =>
        [state, attempts, code, lost > 0 ? `lost ${lost}` : null].filter(v => v !== null).join(' '),
      );
    },
    async status() {
      const row = await getEdition(db, edition);
      return [row?.status, row?.pausedBy].filter(Boolean).join(' by ');
    },
  };
  return run;
}

async function preparedEdition({ publishing }: TestApp): Promise<Prepared> {
  const result = await prepare(publishing, aRequest());
  if (result.edition === null) throw new Error(result.reason);
  return result;
}
