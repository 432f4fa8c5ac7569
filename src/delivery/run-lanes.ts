import { setMaxListeners } from 'node:events';
import {
  type DeliveryClaim,
  type Outcome,
  recordOutcomes,
  refusedBefore,
} from '../store/deliveries.ts';
import { getEdition, type StoredEdition } from '../store/editions.ts';
import { hasOtherDomain, holdDomain, holdsOf } from '../store/holds.ts';
import { countDeliveries } from '../store/reports.ts';
import { openGroupCommit } from '../store/sqlite.ts';
import { createFiller, type FillerParts } from './filler.ts';
import type { Gate } from './gate.ts';
import { type LaneEnd, runLane } from './lane.ts';
import { createLedger } from './ledger.ts';
import { waitUntil } from './limits.ts';
import { holdMs, type Verdict } from './policy.ts';
import { createRefusalWatch, type Finding, isAboutUs, type RefusalWatch } from './refusal-watch.ts';
import { likenessOf, withoutAddresses } from './refusals.ts';
import { type SendResult, wordsOf } from './reply.ts';
import type { ConnectFailure, Connection } from './smtp.ts';
import { type Stop, type StopParts, stopEdition, type Trouble, waiting } from './stop-edition.ts';

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
  const watch = await watchOver(parts, edition, run.lanes);
  const stopping = createStopping(parts, edition, watch, ending);
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
      watch,
    }),
    gate: run.gate,
    runtime,
    connect: parts.connect,
    from: parts.from,
    fill,
    expiresAt: () => edition.expiresAt,
    signal,
    onOutcome: run.onOutcome,
    onResult: stopping.see,
  };
  const ends = await endAll(
    Array.from({ length: run.lanes }, () => runLane(lane)),
    ending,
  ).finally(() => group.close());
  // Where a person stopped it, nobody knows yet how it would have gone on.
  const open = (await getEdition(db, edition.id))?.status === 'sending';
  const done = open && !run.signal.aborted && ends.some(end => end === null);
  const stop = await stopping.decide(done);
  const undecided = watch.undecided();
  if (stop) await stopEdition(parts, edition, run.workerId, undecided, stop);
  else await recordOutcomes(db, run.workerId, done ? undecided : undecided.map(waiting));
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

async function watchOver(
  { db }: RunParts,
  { id }: StoredEdition,
  lanes: number,
): Promise<RefusalWatch> {
  const before = (await refusedBefore(db, id)).map(
    ({ subscriberId, address, code, enhanced, reply }) =>
      [subscriberId, likenessOf({ code, enhanced, text: reply }, null, address)] as const,
  );
  const held = new Set((await holdsOf(db, id)).map(({ domain }) => domain));
  return createRefusalWatch({ lanes, refused: new Map(before), held });
}

/** What ends a run before everybody had the edition. */
type Stopping = {
  see(result: SendResult, verdict: Verdict, claim: DeliveryClaim | null): void;
  /** What the edition is stopped for; `done`: the run came to its own end. */
  decide(done: boolean): Promise<Stop | null>;
};

function createStopping(
  { db, runtime }: RunParts,
  edition: StoredEdition,
  watch: RefusalWatch,
  ending: AbortController,
): Stopping {
  let stop: Stop | null = null;
  const asides: Promise<void>[] = [];
  const refused = (result: SendResult) => {
    stop ??= { why: 'refused', text: textOf(result) };
    ending.abort();
  };
  const limited = (result: SendResult, ms: number) => {
    const until = waitUntil(ms, { now: runtime.now(), expiresAt: edition.expiresAt });
    stop ??= { why: 'limit', text: textOf(result), until };
    ending.abort();
  };
  const follow = async ({ why, domains, byPolicy }: Finding, result: SendResult) => {
    const [first = ''] = domains;
    // Where one domain has all the readers, it is as if all domains refused us.
    const all = why === 'domain' && !(await hasOtherDomain(db, edition.id, first));
    if (why === 'refused' || all) refused(result);
    const reply = textOf(result);
    for (const domain of byPolicy && !all ? domains : []) {
      runtime.log.error({ edition: edition.id, domain, reply }, 'a domain refuses us: held back');
      await holdDomain(db, edition.id, { domain, reply, until: runtime.now() + holdMs });
    }
  };
  return {
    see(result, verdict, claim) {
      const finding = claim && watch.see(claim, result, verdict);
      if (verdict.do === 'pause') refused(result);
      if (verdict.do === 'wait' && (!claim || finding)) limited(result, verdict.ms);
      else if (finding) {
        const aside = follow(finding, result);
        aside.catch(() => ending.abort());
        asides.push(aside);
      }
    },
    async decide(done) {
      await Promise.all(asides);
      const row = watch.row();
      if (stop || !done || !row) return stop;
      const [domain = ''] = row.domains;
      const about = {
        everSent: (await countDeliveries(db, edition.id)).sent > 0,
        oneDomain: row.domains.length === 1 && !(await hasOtherDomain(db, edition.id, domain)),
      };
      const text = withoutAddresses(row.reply.text);
      return isAboutUs(row, about) ? { why: 'refused', text } : null;
    },
  };
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

function textOf(result: SendResult): string {
  return withoutAddresses(wordsOf(result));
}
