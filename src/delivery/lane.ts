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

/** What a lane does over one connection. */
type Work = {
  readonly connection: Connection;
  /** Whose message is next; a session that ends before it leaves it to the next one. */
  claim: Claim | null;
  /** Messages that the server decided, and how many of them it took. */
  messages: number;
  taken: number;
  readonly barren: number;
  /** Whether the session's end, should the server end it now, is a limit of its own. */
  limited: boolean;
};

/**
 * One lane: a connection, and the loop claim → fill → send → record durably → next. It connects
 * before it claims, so that a server that is down uses nobody's attempts up. Sessions without a
 * message are counted by lane: what befalls all lanes at one moment did not happen twice in a row.
 */
export async function runLane(lane: LaneParts): Promise<LaneEnd> {
  let claim: Claim | null = null;
  let barren = 0;
  let end: LaneEnd | 'over' = 'over';
  let closed = Promise.resolve();
  while (end === 'over' && !lane.signal.aborted) {
    // A lane is one connection to the server, too, which may count them.
    await closed;
    if (barren > 0) await backOffAfter(Math.min(barren, connectTries), lane);
    // Who asks for less is asked for fewer connections, too; none is held open meanwhile.
    await lane.gate.keepPace(lane.signal);
    if (lane.signal.aborted) break;
    const connection = await connectPatiently(lane);
    if ('kind' in connection) {
      end = { why: 'connection', failure: connection };
      break;
    }
    const work: Work = { connection, claim, messages: 0, taken: 0, barren, limited: false };
    end = await workOn(work, lane).finally(() => {
      if (connection.closed && work.limited) lane.gate.sessions.cut(work.messages);
      closed = connection.close();
    });
    claim = work.claim;
    barren = work.taken > 0 ? 0 : barren + 1;
    if (end === 'over' && work.messages === 0 && barren >= connectTries) end = hungUp;
  }
  if (claim) await lane.ledger.settle(unsent(claim, momentOf(lane)));
  return end === 'over' ? null : end;
}

const hungUp: LaneEnd = {
  why: 'connection',
  failure: {
    kind: 'lost',
    stage: 'connect',
    text: 'the server ends every connection before a message',
  },
};

/**
 * Works until nothing is due or SEND_RATE is used up; `over`: the session ended, or the lane is told
 * to end. Records everything but a claim that was not sent.
 */
async function workOn(work: Work, lane: LaneParts): Promise<LaneEnd | 'over'> {
  const { connection } = work;
  const { gate, ledger, signal } = lane;
  let outcome: Outcome | null = null;
  while (!signal.aborted && !connection.closed) {
    const full = gate.sessions.isFull(work.messages);
    const held = !full && !gate.isOpen();
    if (held && outcome) {
      await ledger.settle(outcome);
      outcome = null;
    }
    if (held && work.messages > 0) await gate.keepPace(signal);
    const permission = held ? await gate.enter(signal) : null;
    if (permission && !permission.go) {
      return signal.aborted ? 'over' : { why: 'rate', waitMs: permission.waitMs };
    }
    if (!signal.aborted) work.claim ??= await ledger.exchange(outcome);
    outcome = null;
    // Who was told to end while it waited begins no other message.
    if (!work.claim || full || connection.closed || signal.aborted) {
      if (permission) await gate.giveBack(permission);
      if (!work.claim) return null;
      if (full) gate.sessions.kept();
      if (work.messages > 0) return 'over';
      // So that its message does not meet the next session's end, which may be as soon.
      outcome = unsent(work.claim, momentOf(lane));
      work.claim = null;
      break;
    }
    outcome = await deliver(work.claim, work, lane);
    if (!outcome) return 'over';
    work.claim = null;
    lane.onOutcome(outcome);
  }
  if (outcome) await ledger.settle(outcome);
  return 'over';
}

/** @returns null where the session ended and the message is sent again. */
async function deliver(claim: Claim, work: Work, lane: LaneParts): Promise<Outcome | null> {
  if (!claim.mailable) return skipped(claim, momentOf(lane));
  const segments = await fillSafely(claim, lane);
  // Found when the edition meets this reader's address: nobody else is held up by it.
  if (!segments) return unsendable(claim, momentOf(lane));
  const { connection } = work;
  const message = { from: lane.from, to: claim.address, size: sizeOf(segments), segments };
  const result = await connection.send(message);
  const verdict = judge(result, work);
  lane.onResult(result, verdict, claim);
  const went = verdict.do === 'sent';
  work.limited = went || (verdict.do === 'again' && work.taken > 0);
  if (verdict.do === 'again') return null;
  work.messages += 1;
  if (went) work.taken += 1;
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
