import { sizeOf } from '../message/fill.ts';
import type { Runtime } from '../runtime.ts';
import type { Claim, Outcome } from '../store/deliveries.ts';
import type { SendResult } from '../transport/reply.ts';
import type { ConnectFailure, Connection } from '../transport/smtp.ts';
import type { Ledger } from './ledger.ts';
import { type Moment, outcomeOf, skipped } from './outcome.ts';
import { judge } from './policy.ts';

/** What a lane works with. */
export type LaneParts = {
  readonly ledger: Ledger;
  readonly runtime: Runtime;
  readonly connect: () => Promise<Connection | ConnectFailure>;
  /** The envelope sender. */
  readonly from: string;
  readonly fill: (claim: Claim) => Buffer[];
  /** UTC ms; what cannot be tried again before is failed. */
  readonly expiresAt: number;
  /** Aborted: the lane ends after the message in flight. */
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Called where the server refuses us: no lane should go on. */
  readonly onRefused: (result: SendResult) => void;
};

/** Why a lane ended: nothing was due, it was told to, or it found no connection. */
export type LaneEnd = { readonly failure: ConnectFailure | null };

/** How often in a row a lane may fail to connect before it gives up. */
const connectTries = 3;

/**
 * One lane: a connection, and the loop claim → fill → send → record durably → next. It connects
 * before it claims, so that a server that is down uses nobody's attempts up.
 */
export async function runLane(lane: LaneParts): Promise<LaneEnd> {
  let outcome: Outcome | null = null;
  while (!lane.signal.aborted) {
    const connection = await connectPatiently(lane);
    if ('kind' in connection) return { failure: connection };
    try {
      outcome = await workOn(connection, lane);
      if (!outcome) return { failure: null };
    } finally {
      connection.close();
    }
    // The connection broke. What came of its last message is recorded before the next is opened.
    await lane.ledger.settle(outcome);
  }
  return { failure: null };
}

/** Works until nothing is due (null) or the connection is gone (its last outcome, unrecorded). */
async function workOn(connection: Connection, lane: LaneParts): Promise<Outcome | null> {
  let outcome: Outcome | null = null;
  while (!lane.signal.aborted) {
    const claim: Claim | null = await lane.ledger.exchange(outcome);
    if (!claim) return null;
    outcome = await deliver(claim, connection, lane);
    lane.onOutcome(outcome);
    if (connection.closed) return outcome;
  }
  if (outcome) await lane.ledger.settle(outcome);
  return null;
}

async function deliver(claim: Claim, connection: Connection, lane: LaneParts): Promise<Outcome> {
  if (!claim.mailable) return skipped(claim, momentOf(lane));
  const segments = lane.fill(claim);
  const result = await connection.send({
    from: lane.from,
    to: claim.address,
    size: sizeOf(segments),
    segments,
  });
  const verdict = judge(result);
  if (verdict.do === 'pause') lane.onRefused(result);
  if (result.kind === 'refused' && result.usable) await connection.reset();
  return outcomeOf(claim, result, verdict, momentOf(lane));
}

async function connectPatiently(lane: LaneParts): Promise<Connection | ConnectFailure> {
  for (let attempt = 1; ; attempt += 1) {
    const connection = await lane.connect();
    if (!('kind' in connection)) return connection;
    if (judge(connection).do === 'pause') lane.onRefused(connection);
    if (attempt >= connectTries || lane.signal.aborted) return connection;
    await lane.runtime.wait(200 * 2 ** attempt, lane.signal).catch(() => {
      // Told to end: the loop sees it.
    });
  }
}

function momentOf({ runtime, expiresAt }: LaneParts): Moment {
  const chance = () => (runtime.random(1)[0] ?? 0) / 255;
  return { now: runtime.now(), expiresAt, chance };
}
