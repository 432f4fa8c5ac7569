import { fill, hasSlot, readyTemplate } from '../message/fill.ts';
import type { WireTemplate } from '../message/wire-template.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../store/database.ts';
import { type Claim, type Outcome, releaseClaims, takeOverClaims } from '../store/deliveries.ts';
import { countDue, hasOpenDeliveries } from '../store/delivery-reports.ts';
import { editionWire, getEdition, moveEdition, type StoredEdition } from '../store/editions.ts';
import type { LinkKey } from '../store/link-keys.ts';
import { removeWorker, renewLease } from '../store/workers.ts';
import { makeToken } from '../subscribers/token.ts';
import type { SendResult } from '../transport/reply.ts';
import type { ConnectFailure, Connection } from '../transport/smtp.ts';
import { freeze } from './freeze.ts';
import { runLane } from './lane.ts';
import { createLedger } from './ledger.ts';

/** How long a claim outlives its worker's last sign of life, in ms. */
export const leaseMs = 30_000;
const heartbeatMs = 10_000;
/** A worker whose last renewal is this old stops its lanes: the lease is about to end. */
const leaseDoubtMs = leaseMs - 5_000;
const monthMs = 30 * 24 * 3_600_000;

/** What a worker works with. */
export type WorkerParts = {
  readonly db: Database;
  readonly runtime: Runtime;
  readonly connect: () => Promise<Connection | ConnectFailure>;
  /** The envelope sender's address. */
  readonly from: string;
  readonly lanes: number;
  readonly linkKeys: readonly LinkKey[];
};

/** Why an edition stopped before everybody had it, in the server's words; null where it did not. */
export type Trouble = { readonly text: string } | null;

/** One process that runs lanes. */
export type Worker = {
  readonly id: string;
  /** Sends all of an edition that is due now. Each delivery is tried once, in effect. */
  deliver(editionId: number, onOutcome?: (outcome: Outcome) => void): Promise<Trouble>;
  /** Gives what dead workers held back to the ledger. */
  takeOver(): Promise<void>;
  /** No new message from now on; those in flight end. */
  halt(): void;
  readonly stopping: boolean;
  /** Halts, waits for the messages in flight, gives the rest back, and says goodbye. */
  stop(): Promise<void>;
};

/** Starts a worker: from now on it holds a lease. */
export async function startWorker(parts: WorkerParts): Promise<Worker> {
  const { db, runtime } = parts;
  const id = runtime.random(9).toString('base64url');
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  let renewedAt = runtime.now();
  await renewLease(db, id, renewedAt, renewedAt + leaseMs);

  const beat = async () => {
    const now = runtime.now();
    try {
      await renewLease(db, id, now, now + leaseMs);
      renewedAt = now;
    } catch (error) {
      runtime.log.warn({ worker: id, error }, 'the lease could not be renewed');
      if (runtime.now() - renewedAt > leaseDoubtMs) stopping.abort();
    }
  };
  const heartbeat = setInterval(beat, heartbeatMs);

  const track = <T>(work: Promise<T>): Promise<T> => {
    const settled = work.finally(() => running.delete(settled));
    running.add(settled);
    return settled;
  };

  return {
    id,
    deliver: (editionId, onOutcome = () => {}) =>
      track(deliverEdition(parts, id, stopping.signal, editionId, onOutcome)),
    takeOver: async () => {
      const count = await takeOverClaims(db, runtime.now());
      if (count > 0) runtime.log.warn({ count }, 'took over deliveries of a worker that is gone');
    },
    halt: () => stopping.abort(),
    get stopping() {
      return stopping.signal.aborted;
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
      clearInterval(heartbeat);
      await releaseClaims(db, id);
      await removeWorker(db, id, runtime.now() - monthMs);
    },
  };
}

async function deliverEdition(
  parts: WorkerParts,
  workerId: string,
  stopping: AbortSignal,
  editionId: number,
  onOutcome: (outcome: Outcome) => void,
): Promise<Trouble> {
  const { db, runtime } = parts;
  await freeze(db, runtime, editionId);
  const edition = await getEdition(db, editionId);
  if (edition?.status !== 'sending') return null;
  const due = await countDue(db, editionId, runtime.now(), parts.lanes);
  const trouble =
    due > 0 ? await runLanes(parts, workerId, stopping, edition, due, onOutcome) : null;
  await finish(db, runtime, editionId);
  return trouble;
}

async function runLanes(
  parts: WorkerParts,
  workerId: string,
  stopping: AbortSignal,
  edition: StoredEdition,
  due: number,
  onOutcome: (outcome: Outcome) => void,
): Promise<Trouble> {
  const { db, runtime } = parts;
  const paused = new AbortController();
  let refusal: string | null = null;
  const lane = {
    ledger: createLedger(db, runtime, { editionId: edition.id, workerId, lanes: due }),
    runtime,
    connect: parts.connect,
    from: parts.from,
    fill: await filler(parts, edition),
    expiresAt: edition.expiresAt,
    signal: AbortSignal.any([stopping, paused.signal]),
    onOutcome,
    onRefused: (result: SendResult) => {
      refusal ??= textOf(result);
      paused.abort();
    },
  };
  const ends = await Promise.all(Array.from({ length: due }, () => runLane(lane)));
  if (refusal !== null) {
    const change = { pausedBy: 'policy', reason: refusal } as const;
    await moveEdition(db, edition.id, ['sending'], 'paused', change);
    runtime.log.error({ edition: edition.id, reply: refusal }, 'the server refuses us: paused');
    return { text: refusal };
  }
  const failure = ends.find(end => end.failure)?.failure;
  return failure ? { text: textOf(failure) } : null;
}

/** The per-reader work: two tokens, and the segments in a row. */
async function filler(parts: WorkerParts, edition: StoredEdition) {
  const wire: WireTemplate = JSON.parse(await editionWire(parts.db, edition.id));
  const template = readyTemplate(wire);
  const key = parts.linkKeys.find(({ id }) => id === edition.linkKeyId);
  if (!key) throw new Error(`the link key ${edition.linkKeyId} of edition ${edition.id} is gone`);
  const withPreferences = hasSlot(template, 'preferences');
  return ({ address, subscriberId, tokenCounter }: Claim) =>
    fill(template, {
      address,
      reader: subscriberId.toString(36),
      unsubscribe: makeToken(key, 'unsubscribe', subscriberId, tokenCounter),
      preferences: withPreferences ? makeToken(key, 'preferences', subscriberId, tokenCounter) : '',
    });
}

async function finish(db: Database, runtime: Runtime, editionId: number): Promise<void> {
  if (await hasOpenDeliveries(db, editionId)) return;
  await moveEdition(db, editionId, ['sending'], 'sent', { finishedAt: runtime.now() });
}

function textOf(result: SendResult): string {
  return result.kind === 'lost' ? result.text : result.reply.text;
}
