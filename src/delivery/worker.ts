import { messageOf } from '../lib/errors.ts';
import { releaseClaims, removeWorker, takeOverClaims } from '../store/deliveries.ts';
import { finishEdition, getEdition, type StoredEdition } from '../store/editions.ts';
import { releaseNotices, takeOverNotices } from '../store/notices.ts';
import { countDue } from '../store/reports.ts';
import { rememberSmtputf8 } from '../store/settings.ts';
import { freeze } from './freeze.ts';
import { createGate } from './gate.ts';
import { holdLease, type LeaseTimes } from './lease.ts';
import { type MakeNotice, sendNotices } from './notices.ts';
import { type DeliverOptions, type RunParts, runLanes } from './run-lanes.ts';
import type { ConnectFailure, Connection } from './smtp.ts';
import type { Trouble } from './stop-edition.ts';
import { createThrottle, type RateWindow } from './throttle.ts';

/** What a worker works with. */
export type WorkerParts = RunParts & {
  readonly lanes: number;
  /** All of them hold at once; empty where there is no limit. */
  readonly sendRate?: readonly RateWindow[];
  readonly lease?: LeaseTimes;
};

const monthMs = 30 * 24 * 3_600_000;

/** One process that runs lanes. */
export type Worker = {
  readonly id: string;
  /** Sends all of an edition that is due now; each delivery is tried once. */
  deliver(editionId: number, options?: DeliverOptions): Promise<Trouble | null>;
  /** Sends the notices that are due. @returns how long to rest before the next try, in ms. */
  sendNotices(make: MakeNotice): Promise<number>;
  /** Gives what dead workers held back to the ledger. */
  takeOver(): Promise<void>;
  /** Whether the server can be reached; null where it can, else why not. */
  probe(): Promise<ConnectFailure | null>;
  /** No new message from now on; those in flight end. */
  halt(): void;
  readonly stopping: boolean;
  /** Halts, waits for the messages in flight, gives the rest back, and says goodbye. */
  stop(): Promise<void>;
};

/** Starts a worker: from now on it holds a lease. */
export async function startWorker(parts: WorkerParts): Promise<Worker> {
  const { db, runtime, sendRate = [] } = parts;
  const id = runtime.random(9).toString('base64url');
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  const lease = await holdLease(db, runtime, id, parts.lease);
  const gate = createGate(
    runtime,
    sendRate.length > 0 ? createThrottle(db, runtime, sendRate) : null,
  );

  const connect = () => connectAndRemember(parts);
  const runAll = (edition: StoredEdition, lanes: number, options: DeliverOptions) =>
    runLanes({ ...parts, connect }, edition, {
      workerId: id,
      gate,
      lanes,
      signal: AbortSignal.any([stopping.signal, lease.signal]),
      ...options,
    }).catch(async error => {
      // Lanes that broke down record nothing any more, and as long as we live nobody takes over.
      await releaseClaims(db, id, edition.id);
      throw error;
    });

  const deliver = async (editionId: number, options: DeliverOptions) => {
    await freeze(db, runtime, editionId);
    const edition = await getEdition(db, editionId);
    if (edition?.status !== 'sending') return null;
    const due = await countDue(db, editionId, runtime.now(), parts.lanes);
    const trouble = due === 0 ? null : await runAll(edition, due, options);
    await finishEdition(db, editionId, runtime.now());
    return trouble;
  };

  const track = <Result>(job: Promise<Result>): Promise<Result> => {
    const work = job.finally(() => running.delete(work));
    running.add(work);
    return work;
  };

  return {
    id,
    deliver: (editionId, options = {}) => track(deliver(editionId, options)),
    sendNotices: make => {
      const signal = AbortSignal.any([stopping.signal, lease.signal]);
      const { from } = parts;
      const all = sendNotices({ db, runtime, workerId: id, connect, from, gate, make, signal });
      return track(
        all.catch(async error => {
          // As with lanes: nobody takes over from who lives.
          await releaseNotices(db, id);
          throw error;
        }),
      );
    },
    takeOver: async () => {
      await takeOverNotices(db, runtime.now());
      const count = await takeOverClaims(db, runtime.now());
      if (count > 0) runtime.log.warn({ count }, 'took over deliveries of a worker that is gone');
    },
    probe: async () => {
      const connection = await connect();
      if ('kind' in connection) return connection;
      connection.close();
      return null;
    },
    halt: () => stopping.abort(),
    get stopping() {
      return stopping.signal.aborted;
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
      lease.stop();
      await releaseClaims(db, id);
      await releaseNotices(db, id);
      await removeWorker(db, id, runtime.now() - monthMs);
    },
  };
}

/** Connects, and remembers what the server takes: who may join the list depends on it. */
async function connectAndRemember({
  db,
  runtime,
  connect,
}: WorkerParts): Promise<Connection | ConnectFailure> {
  const connection = await connect();
  if (!('kind' in connection)) {
    await rememberSmtputf8(db, connection.smtputf8).catch(error =>
      // No reason to send nothing; the next connection says it again.
      runtime.log.warn({ error: messageOf(error) }, 'cannot remember what the server offers'),
    );
  }
  return connection;
}
