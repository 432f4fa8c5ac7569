import { setMaxListeners } from 'node:events';
import type { Outcome } from '../store/deliveries.ts';
import type { StoredEdition } from '../store/editions.ts';
import { openGroupCommit } from '../store/sqlite.ts';
import { createFiller, type FillerParts } from './filler.ts';
import type { Gate } from './gate.ts';
import { type LaneEnd, runLane } from './lane.ts';
import { createLedger } from './ledger.ts';
import type { ConnectFailure, Connection } from './smtp.ts';
import { oversee, type StopParts, type Trouble, textOf } from './stop-edition.ts';

/** What lanes over an edition work with. */
export type RunParts = FillerParts &
  StopParts & {
    readonly connect: () => Promise<Connection | ConnectFailure>;
    /** The envelope sender's address. */
    readonly from: string;
  };

/** What a run of lanes is for. */
export type DeliverOptions = {
  /** Only these subscribers; everybody where left out. */
  readonly only?: readonly number[] | undefined;
  readonly onOutcome?: (outcome: Outcome) => void;
};

type Run = DeliverOptions & {
  readonly workerId: string;
  readonly gate: Gate;
  readonly lanes: number;
  readonly signal: AbortSignal;
};

/** Runs lanes over one edition until nothing is due, or something keeps all of them from going on. */
export async function runLanes(
  parts: RunParts,
  edition: StoredEdition,
  run: Run,
): Promise<Trouble | null> {
  const { db, runtime } = parts;
  const ending = new AbortController();
  const overseer = await oversee(parts, edition, { ...run, end: () => ending.abort() });
  const signal = AbortSignal.any([run.signal, ending.signal]);
  // Each lane may wait on it at once; Node would take more than ten for a leak, and say so.
  setMaxListeners(0, signal);
  const fill = await createFiller(parts, edition);
  const group = await openGroupCommit(db);
  const lane = {
    ledger: createLedger(group, runtime, {
      editionId: edition.id,
      workerId: run.workerId,
      lanes: run.lanes,
      only: run.only,
      watch: overseer.watch,
    }),
    gate: run.gate,
    runtime,
    connect: parts.connect,
    from: parts.from,
    fill,
    expiresAt: () => edition.expiresAt,
    signal,
    onOutcome: run.onOutcome,
    onResult: overseer.see,
  };
  const ends = await endAll(
    Array.from({ length: run.lanes }, () => runLane(lane)),
    ending,
  ).finally(() => group.close());
  const done = !run.signal.aborted && ends.some(end => end === null);
  const stop = await overseer.conclude(done);
  return stop ?? troubleOf(ends);
}

/** All lanes' ends. Where one throws, the others end in order before that is thrown. */
async function endAll(lanes: Promise<LaneEnd>[], ending: AbortController): Promise<LaneEnd[]> {
  for (const lane of lanes) lane.catch(() => ending.abort());
  const ends = await Promise.allSettled(lanes);
  return ends.map(end => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

/** One lane that ended because nothing was due says that all is well, whatever befell the others. */
function troubleOf(ends: readonly LaneEnd[]): Trouble | null {
  if (ends.some(end => end === null)) return null;
  const rate = ends.find(end => end?.why === 'rate');
  if (rate?.why === 'rate') {
    return { why: 'rate', text: 'SEND_RATE is used up', waitMs: rate.waitMs };
  }
  const end = ends.find(end => end?.why === 'connection');
  return end?.why === 'connection' ? { why: 'connection', text: textOf(end.failure) } : null;
}
