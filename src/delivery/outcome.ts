import type { Claim, Outcome } from '../store/deliveries.ts';
import { waitUntil } from './limits.ts';
import { backOff, holdMs, type Verdict } from './policy.ts';
import type { Reply, SendResult } from './reply.ts';

/** After the final dot a message may have arrived: this often it is sent once more, no oftener. */
const lostRepliesTried = 2;

/** When an outcome is decided. Instants are UTC ms; `chance` gives a number from 0 to 1. */
export type Moment = {
  readonly now: number;
  readonly expiresAt: number;
  readonly chance: () => number;
};

type Now = Pick<Moment, 'now'>;

/** The row that a tried message leaves in the ledger; one that is tried `again` at once leaves none. */
export function outcomeOf<Held extends Claim>(
  claim: Held,
  result: SendResult,
  verdict: Exclude<Verdict, { do: 'again' }>,
  moment: Moment,
): Outcome<Held> {
  const reply: Reply =
    result.kind === 'lost' ? { code: null, enhanced: null, text: result.text } : result.reply;
  const lost = result.kind === 'lost' && result.stage === 'dot' ? 1 : 0;
  const row = { ...base(claim, moment), tried: 1, lost, ...ledgerReply(reply) } as const;
  switch (verdict.do) {
    case 'sent':
      return { ...row, state: 'sent', sentAt: moment.now };
    case 'fail':
      return { ...row, state: 'failed' };
    case 'pause':
      // Not this reader's fault: it goes on as soon as somebody resumes the edition.
      return { ...row, state: 'deferred', dueAt: moment.now };
    case 'hold':
      return { ...row, state: 'deferred', dueAt: moment.now + holdMs };
    case 'wait':
      return { ...row, state: 'deferred', dueAt: waitUntil(verdict.ms, moment) };
    case 'defer':
      if (lost && claim.lost >= lostRepliesTried) {
        return { ...row, state: 'failed', reply: `no reply after the message: ${reply.text}` };
      }
      // A connection that broke before the message was handed over says nothing of the reader:
      // once more at once, on another connection.
      if (result.kind === 'lost' && !lost && claim.attempts === 0) return row;
      return deferred(row, moment);
  }
}

function deferred<Held extends Claim>(
  row: Outcome<Held>,
  { now, expiresAt, chance }: Moment,
): Outcome<Held> {
  const dueAt = now + backOff(row.claim.attempts + 1, chance());
  if (dueAt > expiresAt) return { ...row, state: 'failed', reply: `expired; last: ${row.reply}` };
  return { ...row, state: 'deferred', dueAt };
}

/** The row of a reader who left between freezing and claiming. */
export function skipped<Held extends Claim>(claim: Held, at: Now): Outcome<Held> {
  return { ...base(claim, at), state: 'skipped', reply: 'left' };
}

/** The row of a reader whose turn came when the connection was gone: as it was before the claim. */
export function unsent<Held extends Claim>(claim: Held, at: Now): Outcome<Held> {
  return { ...base(claim, at), state: claim.attempts === 0 ? 'queued' : 'deferred' };
}

/** The row of a reader for whom no message can be made. */
export function unsendable<Held extends Claim>(claim: Held, at: Now): Outcome<Held> {
  const reply = 'no message can be made for this address';
  return { ...base(claim, at), state: 'failed', reply };
}

/** The row where no message could be made, for a reason that may pass. */
export function unmade<Held extends Claim>(claim: Held, moment: Moment): Outcome<Held> {
  const row = { ...base(claim, moment), tried: 1, reply: 'the mail could not be made' } as const;
  return deferred(row, moment);
}

/** The row of what is of no use any more. */
export function expired<Held extends Claim>(claim: Held, at: Now): Outcome<Held> {
  return { ...base(claim, at), state: 'failed', reply: 'expired' };
}

function base<Held extends Claim>(claim: Held, { now }: Now): Outcome<Held> {
  return {
    claim,
    state: 'deferred',
    dueAt: now,
    tried: 0,
    lost: 0,
    code: null,
    enhanced: null,
    reply: null,
    sentAt: null,
  };
}

function ledgerReply({ code, enhanced, text }: Reply) {
  return { code, enhanced, reply: text };
}
