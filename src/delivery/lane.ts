import type { Runtime } from '../lib/runtime.ts';
import { sizeOf, UnsafeValueError } from '../mail/message/fill.ts';
import type { Claim, Outcome } from '../store/deliveries.ts';
import type { Gate } from './gate.ts';
import type { Ledger } from './ledger.ts';
import { type Moment, outcomeOf, skipped, unsendable, unsent } from './outcome.ts';
import { judge, type Verdict } from './policy.ts';
import type { SendResult } from './reply.ts';
import type { ConnectFailure, Connection } from './smtp.ts';

/** What a lane works with. */
export type LaneParts = {
  readonly ledger: Ledger;
  readonly gate: Gate;
  readonly runtime: Runtime;
  readonly connect: () => Promise<Connection | ConnectFailure>;
  /** The envelope sender. */
  readonly from: string;
  readonly fill: (claim: Claim) => Buffer[] | Promise<Buffer[]>;
  /** UTC ms; what cannot be tried again before is failed. */
  readonly expiresAt: number;
  /** Aborted: the lane ends after the message in flight. */
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Told what came of every message and connection, and what was decided. */
  readonly onResult: (result: SendResult, verdict: Verdict, claim: Claim | null) => void;
};

/**
 * Why a lane ended: null where nothing was due or it was told to; else it found no connection, or
 * SEND_RATE is used up for `waitMs`.
 */
export type LaneEnd =
  | { readonly why: 'connection'; readonly failure: ConnectFailure }
  | { readonly why: 'rate'; readonly waitMs: number }
  | null;

/** How often in a row a lane may fail to connect before it gives up. */
const connectTries = 3;

/**
 * One lane: a connection, and the loop claim → fill → send → record durably → next. It connects
 * before it claims, so that a server that is down uses nobody's attempts up.
 */
export async function runLane(lane: LaneParts): Promise<LaneEnd> {
  let useless = 0;
  while (!lane.signal.aborted) {
    const connection = await connectPatiently(lane);
    if ('kind' in connection) return { why: 'connection', failure: connection };
    try {
      const end = await workOn(connection, lane);
      if (end !== 'broken' && end !== 'useless') return end;
      useless = end === 'useless' ? useless + 1 : 0;
    } finally {
      connection.close();
    }
    if (useless >= connectTries) return { why: 'connection', failure: hungUp };
    if (useless > 0) await backOffAfter(useless, lane);
  }
  return null;
}

const hungUp: ConnectFailure = {
  kind: 'lost',
  stage: 'connect',
  text: 'the server ends every connection before a message',
};

/**
 * Works until nothing is due, it is told to end, or the connection broke: `useless` where that was
 * before any message. Records everything.
 */
async function workOn(
  connection: Connection,
  lane: LaneParts,
): Promise<LaneEnd | 'broken' | 'useless'> {
  let outcome: Outcome | null = null;
  let tried = false;
  while (!lane.signal.aborted && !connection.closed) {
    const held: boolean = !lane.gate.isOpen();
    if (held && outcome) {
      await lane.ledger.settle(outcome);
      outcome = null;
    }
    const permission = held ? await lane.gate.enter(lane.signal) : null;
    if (lane.signal.aborted) {
      if (permission) await lane.gate.giveBack(permission);
      break;
    }
    if (permission && !permission.go) return { why: 'rate', waitMs: permission.waitMs };
    const claim: Claim | null = await lane.ledger.exchange(outcome);
    if (!claim) {
      if (permission) await lane.gate.giveBack(permission);
      return null;
    }
    // Some servers end a connection after so many messages: that is no try of this one. And who was
    // told to end while it waited for the ledger begins no other.
    if (connection.closed || lane.signal.aborted) {
      if (permission) await lane.gate.giveBack(permission);
      outcome = unsent(claim, momentOf(lane));
      break;
    }
    tried = true;
    outcome = await deliver(claim, connection, lane);
    lane.onOutcome(outcome);
  }
  if (outcome) await lane.ledger.settle(outcome);
  if (!connection.closed) return null;
  return tried ? 'broken' : 'useless';
}

async function deliver(claim: Claim, connection: Connection, lane: LaneParts): Promise<Outcome> {
  if (!claim.mailable) return skipped(claim, momentOf(lane));
  const segments = await fillSafely(claim, lane);
  // Found when the edition meets this reader's address: nobody else is held up by it.
  if (!segments) return unsendable(claim, momentOf(lane));
  const result = await connection.send({
    from: lane.from,
    to: claim.address,
    size: sizeOf(segments),
    segments,
  });
  const verdict = judge(result);
  lane.onResult(result, verdict, claim);
  if (result.kind === 'refused' && result.usable) await connection.reset();
  return outcomeOf(claim, result, verdict, momentOf(lane));
}

/** Null where this reader's own values cannot be sent; any other error concerns all readers. */
async function fillSafely(claim: Claim, lane: LaneParts): Promise<Buffer[] | null> {
  try {
    return await lane.fill(claim);
  } catch (error) {
    if (!(error instanceof UnsafeValueError)) throw error;
    const { editionId, subscriberId } = claim;
    lane.runtime.log.error({ editionId, subscriberId, error: error.message }, 'not sendable');
    return null;
  }
}

async function connectPatiently(lane: LaneParts): Promise<Connection | ConnectFailure> {
  for (let attempt = 1; ; attempt += 1) {
    const connection = await lane.connect();
    if (!('kind' in connection)) return connection;
    lane.onResult(connection, judge(connection), null);
    if (attempt >= connectTries || lane.signal.aborted) return connection;
    await backOffAfter(attempt, lane);
  }
}

async function backOffAfter(attempt: number, { runtime, signal }: LaneParts): Promise<void> {
  await runtime.wait(100 * 2 ** attempt, signal).catch(() => 'told to end');
}

function momentOf({ runtime, expiresAt }: LaneParts): Moment {
  const chance = () => (runtime.random(1)[0] ?? 0) / 255;
  return { now: runtime.now(), expiresAt, chance };
}
