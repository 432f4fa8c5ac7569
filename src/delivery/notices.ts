import { messageOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import { sizeOf, UnsafeValueError } from '../mail/message/fill.ts';
import type { Database } from '../store/database.ts';
import type { Claim, Outcome } from '../store/deliveries.ts';
import {
  claimNotice,
  isNoticeMailable,
  type NoticeClaim,
  nextNoticeAt,
  pullBackNotices,
  recordNotice,
} from '../store/notices.ts';
import { mayPass } from '../store/sqlite.ts';
import type { Gate } from './gate.ts';
import type { MakeNotice } from './notice-mail.ts';
import { expired, type Moment, outcomeOf, skipped, unmade, unsendable } from './outcome.ts';
import { judge } from './policy.ts';
import type { ConnectFailure, Connection } from './smtp.ts';
import type { Permission } from './throttle.ts';

/** What the sending of notices works with. */
export type NoticeParts = {
  readonly db: Database;
  readonly runtime: Runtime;
  readonly workerId: string;
  readonly connect: () => Promise<Connection | ConnectFailure>;
  /** The envelope sender. */
  readonly from: string;
  readonly gate: Gate;
  readonly make: MakeNotice;
  /** Aborted: it ends after the message in flight. */
  readonly signal: AbortSignal;
};

const minute = 60_000;
/** A link in a mail that comes a day late is of no use. */
const worthFor = 24 * 60 * minute;
/** How long to wait where the server refuses us, and where there is no connection; in ms. */
const afterRefusal = 5 * minute;
const afterNoConnection = 15_000;

/**
 * Sends all notices that are due, over one connection of its own, so that no edition keeps them
 * waiting. @returns how long to rest before it is worth another try, in ms; 0 where nothing is due.
 */
export async function sendNotices(parts: NoticeParts): Promise<number> {
  const { db, runtime, signal, gate } = parts;
  await pullBackNotices(db, runtime.now());
  if (!(await isDue(db, runtime.now()))) return 0;
  const connection = await parts.connect();
  if ('kind' in connection) {
    runtime.log.warn({ reason: wordsOf(connection) }, 'no connection for notices');
    return afterNoConnection;
  }
  try {
    while (!signal.aborted && !connection.closed) {
      await gate.keepPace(signal);
      const permission = gate.isOpen() ? null : await gate.enter(signal);
      if (permission && !permission.go) return permission.waitMs;
      const claim = signal.aborted ? null : await claimNotice(db, parts.workerId, runtime.now());
      if (!claim) return await giveBack(gate, permission);
      const { outcome, refused } = await deliver(parts, connection, claim);
      await record(parts, claim, outcome);
      // Another would be refused as well.
      if (refused) return afterRefusal;
    }
    return 0;
  } finally {
    connection.close();
  }
}

async function isDue(db: Database, now: number): Promise<boolean> {
  const at = await nextNoticeAt(db);
  return at !== null && at <= now;
}

async function giveBack(gate: Gate, permission: Permission | null): Promise<0> {
  if (permission) await gate.giveBack(permission);
  return 0;
}

/** What came of a notice. `refused`: the server refuses us, not the address. */
type Delivered = { readonly outcome: Outcome; readonly refused: boolean };

const kept = (outcome: Outcome): Delivered => ({ outcome, refused: false });

async function deliver(
  { db, runtime, from, make, gate }: NoticeParts,
  connection: Connection,
  notice: NoticeClaim,
): Promise<Delivered> {
  const claim: Claim = { ...notice, editionId: 0, mailable: true };
  const chance = () => (runtime.random(1)[0] ?? 0) / 255;
  const moment: Moment = { now: runtime.now(), expiresAt: notice.createdAt + worthFor, chance };
  if (!(await isNoticeMailable(db, notice.id))) return kept(skipped(claim, moment));
  if (moment.now > moment.expiresAt) return kept(expired(claim, moment));
  let segments: Buffer[];
  try {
    segments = await make(notice);
  } catch (error) {
    const { id, purpose } = notice;
    runtime.log.error({ notice: id, purpose, error: messageOf(error) }, 'a notice cannot be made');
    // Only this one, or all: a template that will be mended, a process that was ended.
    const own = error instanceof UnsafeValueError;
    return kept(own ? unsendable(claim, moment) : unmade(claim, moment));
  }
  const message = { from, to: notice.address, size: sizeOf(segments), segments };
  const result = await connection.send(message);
  const verdict = judge(result);
  if (verdict.do === 'sent') gate.faster();
  if (verdict.do === 'defer' && verdict.slow) gate.slower();
  if (result.kind === 'refused' && result.usable) await connection.reset();
  const after = { ...moment, now: runtime.now() };
  const outcome = outcomeOf(claim, result, verdict, after);
  if (verdict.do === 'wait') return { outcome, refused: true };
  if (verdict.do !== 'pause') return kept(outcome);
  runtime.log.error({ reply: outcome.reply }, 'the server refuses our notices');
  return { outcome: { ...outcome, dueAt: after.now + afterRefusal }, refused: true };
}

/** What was sent must not be forgotten, or it is sent again: a full disk or a lock is waited for. */
async function record(parts: NoticeParts, { id }: NoticeClaim, outcome: Outcome): Promise<void> {
  const { db, runtime, workerId } = parts;
  for (;;) {
    try {
      return await recordNotice(db, workerId, id, outcome);
    } catch (error) {
      if (!mayPass(error)) throw error;
      runtime.log.error({ error: messageOf(error) }, 'cannot write to the database; trying again');
      await runtime.wait(1_000);
    }
  }
}

function wordsOf(failure: ConnectFailure): string {
  return failure.kind === 'lost' ? failure.text : failure.reply.text;
}
