import { setMaxListeners } from 'node:events';
import { createSigner, type DkimKey } from '../mail/message/dkim.ts';
import {
  fill,
  hasSlot,
  readyTemplate,
  type SlotValues,
  UnsafeValueError,
} from '../mail/message/fill.ts';
import type { WireTemplate } from '../mail/message/wire-template.ts';
import { makeToken } from '../readers/token.ts';
import type { DeliveryClaim, Outcome } from '../store/deliveries.ts';
import { editionWire, type StoredEdition } from '../store/editions.ts';
import type { LinkKey } from '../store/settings.ts';
import { openGroupCommit } from '../store/sqlite.ts';
import type { Gate } from './gate.ts';
import { type Filled, type LaneEnd, runLane } from './lane.ts';
import { createLedger } from './ledger.ts';
import type { ConnectFailure, Connection } from './smtp.ts';
import { oversee, type StopParts, type Trouble, textOf } from './stop-edition.ts';

/** What lanes over an edition work with. */
export type RunParts = StopParts & {
  readonly connect: () => Promise<Connection | ConnectFailure>;
  /** The envelope sender's address. */
  readonly from: string;
  readonly linkKeys: readonly LinkKey[];
  /** Null where messages are not signed. */
  readonly dkim?: DkimKey | null;
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

/**
 * Makes an edition's messages, one by one: the per-reader work, microseconds. Reads the edition's
 * stored bytes, so that every worker sends the same, also after an upgrade.
 */
async function createFiller(
  { db, runtime, linkKeys, dkim }: RunParts,
  edition: StoredEdition,
): Promise<(claim: DeliveryClaim) => Promise<Filled>> {
  const wire: WireTemplate = JSON.parse(await editionWire(db, edition.id));
  const template = readyTemplate(wire);
  const key = linkKeys.find(({ id }) => id === edition.linkKeyId);
  if (!key) throw new Error(`the link key ${edition.linkKeyId} of edition ${edition.id} is gone`);
  const withPreferences = hasSlot(template, 'preferences');
  const valuesOf = ({ address, subscriberId, tokenCounter }: DeliveryClaim): SlotValues => ({
    address,
    reader: subscriberId.toString(36),
    unsubscribe: makeToken(key, 'unsubscribe', subscriberId, tokenCounter),
    preferences: withPreferences ? makeToken(key, 'preferences', subscriberId, tokenCounter) : '',
  });
  const sign = dkim && createSigner(wire, { ...dkim, now: runtime.now });
  return async claim => {
    const values = valuesOf(claim);
    try {
      const segments = fill(template, values);
      return sign ? [await sign(values), ...segments] : segments;
    } catch (error) {
      if (!(error instanceof UnsafeValueError)) throw error;
      const { editionId, subscriberId } = claim;
      runtime.log.error({ editionId, subscriberId, error: error.message }, 'not sendable');
      return 'never';
    }
  };
}
