import type { Runtime } from '../lib/runtime.ts';
import { sizeOf } from '../mail/message/fill.ts';
import type { Claim, Outcome } from '../store/deliveries.ts';
import type { Gate } from './gate.ts';
import type { Ledger } from './ledger.ts';
import { type Moment, outcomeOf, skipped, unmade, unsendable, unsent } from './outcome.ts';
import { judge, type Session, type Verdict } from './policy.ts';
import type { SendResult } from './reply.ts';
import type { ConnectFailure, Connection } from './smtp.ts';

/**
 * A message as segments of the wire form. Or it cannot be made: `never`, for this reader's own values
 * cannot be sent, and nobody else is held up by it; `later`, for a reason that may pass.
 */
export type Filled = Buffer[] | 'never' | 'later';

/** What a lane works with; `Held` is what it claims: deliveries, or notices. */
export type LaneParts<Held extends Claim> = {
  readonly ledger: Ledger<Held>;
  readonly gate: Gate;
  readonly runtime: Runtime;
  readonly connect: () => Promise<Connection | ConnectFailure>;
  /** The envelope sender. */
  readonly from: string;
  /** Makes a message. What it throws ends the lane: it concerns everybody. */
  readonly fill: (claim: Held) => Promise<Filled>;
  /** UTC ms; what cannot be tried again before is failed. */
  readonly expiresAt: (claim: Held) => number;
  /** Aborted: the lane ends after the message in flight. */
  readonly signal: AbortSignal;
  readonly onOutcome?: ((outcome: Outcome<Held>) => void) | undefined;
  /** Told what came of every message and connection, and what was decided. */
  readonly onResult: (result: SendResult, verdict: Verdict, claim: Held | null) => void;
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
type Work<Held> = {
  readonly connection: Connection;
  /** Whose message is next; a session that ends before it leaves it to the next one. */
  claim: Held | null;
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
export async function runLane<Held extends Claim>(lane: LaneParts<Held>): Promise<LaneEnd> {
  let claim: Held | null = null;
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
    const work: Work<Held> = { connection, claim, messages: 0, taken: 0, barren, limited: false };
    end = await workOn(work, lane).finally(() => {
      if (connection.closed && work.limited) lane.gate.sessions.cut(work.messages);
      closed = connection.close();
    });
    claim = work.claim;
    barren = work.taken > 0 ? 0 : barren + 1;
    if (end === 'over' && work.messages === 0 && barren >= connectTries) end = hungUp;
  }
  if (claim) await lane.ledger.settle(unsent(claim, momentOf(claim, lane)));
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
async function workOn<Held extends Claim>(
  work: Work<Held>,
  lane: LaneParts<Held>,
): Promise<LaneEnd | 'over'> {
  const { connection } = work;
  const { gate, ledger, signal } = lane;
  let outcome: Outcome<Held> | null = null;
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
      outcome = unsent(work.claim, momentOf(work.claim, lane));
      work.claim = null;
      break;
    }
    outcome = await deliver(work.claim, work, lane);
    if (!outcome) return 'over';
    work.claim = null;
    lane.onOutcome?.(outcome);
  }
  if (outcome) await ledger.settle(outcome);
  return 'over';
}

/** @returns null where the session ended and the message is sent again. */
async function deliver<Held extends Claim>(
  claim: Held,
  work: Work<Held>,
  lane: LaneParts<Held>,
): Promise<Outcome<Held> | null> {
  if (!claim.mailable) return skipped(claim, { now: lane.runtime.now() });
  const segments = await lane.fill(claim);
  if (segments === 'never') return unsendable(claim, momentOf(claim, lane));
  if (segments === 'later') return unmade(claim, momentOf(claim, lane));
  const { connection } = work;
  const message = { from: lane.from, to: claim.address, size: sizeOf(segments), segments };
  const result = await connection.send(message);
  const verdict = decide(result, claim, lane, work);
  const went = verdict.do === 'sent';
  work.limited = went || (verdict.do === 'again' && work.taken > 0);
  if (verdict.do === 'again') return null;
  work.messages += 1;
  if (went) work.taken += 1;
  if (result.kind === 'refused' && result.usable) await connection.reset();
  return outcomeOf(claim, result, verdict, momentOf(claim, lane));
}

/** Judges a result, and tells who has to know. */
function decide<Held extends Claim>(
  result: SendResult,
  claim: Held | null,
  { gate, onResult }: LaneParts<Held>,
  session?: Session,
): Verdict {
  const verdict = judge(result, session);
  if (verdict.do === 'sent') gate.faster();
  if (verdict.do === 'defer' && verdict.slow) gate.slower();
  onResult(result, verdict, claim);
  return verdict;
}

async function connectPatiently<Held extends Claim>(
  lane: LaneParts<Held>,
): Promise<Connection | ConnectFailure> {
  for (let attempt = 1; ; attempt += 1) {
    const connection = await lane.connect();
    if (!('kind' in connection)) return connection;
    decide(connection, null, lane);
    if (attempt >= connectTries || lane.signal.aborted) return connection;
    await backOffAfter(attempt, lane);
  }
}

type Timed = { readonly runtime: Runtime; readonly signal: AbortSignal };

async function backOffAfter(attempt: number, { runtime, signal }: Timed): Promise<void> {
  await runtime.wait(100 * 2 ** attempt, signal).catch(() => 'told to end');
}

function momentOf<Held extends Claim>(
  claim: Held,
  { runtime, expiresAt }: LaneParts<Held>,
): Moment {
  const chance = () => (runtime.random(1)[0] ?? 0) / 255;
  return { now: runtime.now(), expiresAt: expiresAt(claim), chance };
}
