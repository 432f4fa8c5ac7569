import { setMaxListeners } from 'node:events';
import { type Claim, reviveRefused } from '../store/deliveries.ts';
import { moveEdition, type StoredEdition } from '../store/editions.ts';
import { openGroupCommit } from '../store/sqlite.ts';
import { createFiller } from './filler.ts';
import type { Gate } from './gate.ts';
import { type LaneEnd, runLane } from './lane.ts';
import { createLedger } from './ledger.ts';
import type { Verdict } from './policy.ts';
import { createRefusalWatch, isPolicyRefusal } from './refusals.ts';
import type { SendResult } from './reply.ts';
import type { DeliverOptions, WorkerParts } from './worker-parts.ts';

/**
 * Why an edition stopped before everybody had it. `refused`: the server refuses us and the edition
 * is paused; `connection`: no lane got through; `rate`: SEND_RATE is used up for `waitMs`.
 */
export type Trouble =
  | { readonly why: 'refused' | 'connection'; readonly text: string }
  | { readonly why: 'rate'; readonly text: string; readonly waitMs: number };

type Run = DeliverOptions & {
  readonly workerId: string;
  readonly gate: Gate;
  readonly lanes: number;
  readonly signal: AbortSignal;
};

/** Runs lanes over one edition until nothing is due, or something keeps all of them from going on. */
export async function runLanes(
  parts: WorkerParts,
  edition: StoredEdition,
  run: Run,
): Promise<Trouble | null> {
  const { db, runtime } = parts;
  const ending = new AbortController();
  const watch = createRefusalWatch();
  let refusal: SendResult | null = null;
  const onResult = (result: SendResult, verdict: Verdict, claim: Claim | null) => {
    if (verdict.do === 'sent') run.gate.faster();
    if (verdict.do === 'defer' && verdict.slow) run.gate.slower();
    const seen = { domain: domainOf(claim), policyRefusal: isPolicyRefusal(result) };
    if (verdict.do !== 'pause' && !(claim && watch.see(seen))) return;
    refusal ??= result;
    ending.abort();
  };
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
    }),
    gate: run.gate,
    runtime,
    connect: parts.connect,
    from: parts.from,
    fill,
    expiresAt: edition.expiresAt,
    signal,
    onOutcome: run.onOutcome ?? (() => {}),
    onResult,
  };
  const ends = await endAll(
    Array.from({ length: run.lanes }, () => runLane(lane)),
    ending,
  ).finally(() => group.close());
  return refusal === null ? troubleOf(ends) : pauseFor(refusal, parts, edition);
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

/** Pauses an edition whose sender is refused; who was refused for that is tried again later. */
async function pauseFor(
  refusal: SendResult,
  { db, runtime }: WorkerParts,
  { id }: StoredEdition,
): Promise<Trouble> {
  const text = textOf(refusal);
  await moveEdition(db, id, ['sending'], 'paused', { pausedBy: 'policy', reason: text });
  // Without a code it is no server's reply, and what failed without one failed for other reasons.
  if (refusal.kind === 'refused' && refusal.reply.code !== null) {
    await reviveRefused(db, id, refusal.reply, runtime.now());
  }
  runtime.log.error({ edition: id, reply: text }, 'the server refuses us: paused');
  return { why: 'refused', text };
}

function domainOf(claim: Claim | null): string {
  return claim ? claim.address.slice(claim.address.lastIndexOf('@') + 1).toLowerCase() : '';
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
  return result.kind === 'lost' ? result.text : result.reply.text;
}
