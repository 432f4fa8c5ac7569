import { limitOf } from './limits.ts';
import type { SendResult, Stage } from './reply.ts';

/**
 * What to do after a message was tried. `fail` with `blame`: the address is bad. `hold`: the
 * reader's domain refuses us. `pause`: the server refuses us, not the reader. `slow`: the server
 * asks for less. `wait`: it names a limit that takes as long. `again`: it ended the session, which
 * says nothing of this message; it is sent once more at once, over another connection.
 */
export type Verdict =
  | { readonly do: 'sent' }
  | { readonly do: 'again' }
  | { readonly do: 'defer'; readonly slow: boolean }
  | { readonly do: 'fail'; readonly blame: boolean }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'hold' }
  | { readonly do: 'pause' };

/** What a lane's sessions came to before a message. */
export type Session = {
  /** How many messages the server took over this connection. */
  readonly taken: number;
  /** How many sessions in a row, before this one, ended before the server took a message. */
  readonly barren: number;
};

type Refusal = {
  readonly stage: Stage;
  readonly code: number;
  readonly enhanced: string;
  readonly session: Session;
};
type Rule = readonly [(refusal: Refusal) => boolean, Verdict];

const again: Verdict = { do: 'again' };
const pause: Verdict = { do: 'pause' };
const hold: Verdict = { do: 'hold' };
const slow: Verdict = { do: 'defer', slow: true };
const defer: Verdict = { do: 'defer', slow: false };
const failBlaming: Verdict = { do: 'fail', blame: true };
const fail: Verdict = { do: 'fail', blame: false };

/** The codes that say that the address itself is bad (RFC 3463 §3.2, §3.3). */
export const badAddress = ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'];
/** The codes that speak of the sender's address, at whatever stage. */
const aboutUs = ['5.1.7', '5.1.8'];

/** Whether a refusal at this stage is about us: no recipient was named yet. */
export const atOurs = ({ stage }: { readonly stage: Stage }) =>
  !['rcpt', 'data', 'dot'].includes(stage);
const isGreylisting = ({ code, enhanced }: Refusal) =>
  (code === 450 || code === 451) && enhanced === '4.7.1';
const permanent = ({ code }: Refusal) => code >= 500;

/** By stage, code and enhanced code, never by words (limits apart); the first that fits decides. */
const rules: readonly Rule[] = [
  // Quotas and rates. Gmail says 550 5.4.5 for "daily limit", Exchange 554 5.2.0 for its quota.
  [({ code, enhanced }) => code === 550 && enhanced === '5.4.5', slow],
  [({ code, enhanced }) => code === 554 && enhanced === '5.2.0', slow],
  // So many messages over one connection and no more (Exim: "421 too many messages in this
  // connection"). But 4.7.x speaks of our rate, and so does a server
  // that ends two sessions in a row before it took a message.
  [
    ({ code, enhanced, session: { taken, barren } }) =>
      code === 421 && !enhanced.startsWith('4.7.') && (taken > 0 || barren === 0),
    again,
  ],
  // Too many connections (Exchange 432 4.3.2), throttling (SES 454), closing (421).
  [({ code }) => code === 421 || code === 432 || code === 454, slow],
  // Greylisting is about one recipient and says nothing of our rate.
  [refusal => !atOurs(refusal) && isGreylisting(refusal), defer],
  [({ enhanced }) => enhanced.startsWith('4.7.'), slow],
  [refusal => !permanent(refusal), defer],
  // The sender's mailbox is full (Exchange 554 5.2.2), or the account may not send (SES, bare).
  [({ code, enhanced }) => code === 554 && enhanced === '5.2.2', pause],
  [({ stage, code, enhanced }) => stage === 'dot' && code === 554 && enhanced === '', pause],
  [({ code }) => code === 530 || code === 535, pause],
  [({ enhanced }) => aboutUs.includes(enhanced), pause],
  // Microsoft: our domain is not authenticated as they ask of whoever mails much.
  [refusal => !atOurs(refusal) && refusal.enhanced === '5.7.515', hold],
  // The message is too big for the server (RFC 3463 §3.4), and everybody's is as big.
  [({ stage, enhanced }) => stage !== 'rcpt' && enhanced === '5.3.4', pause],
  [atOurs, pause],
  [({ stage, enhanced }) => stage === 'rcpt' && badAddress.includes(enhanced), failBlaming],
];

/** For a reply that came before any message: it counts as a session that took none. */
const noSession: Session = { taken: 0, barren: 1 };

/**
 * What to do after this result. A reply without a code is taken for "not now", but at AUTH: there
 * it is we who have nothing to sign in with.
 */
export function judge(result: SendResult, session: Session = noSession): Verdict {
  if (result.kind === 'accepted') return { do: 'sent' };
  // Some servers close after so many messages without a word.
  if (result.kind === 'lost') return result.stage !== 'dot' && session.taken > 0 ? again : defer;
  const { stage, reply } = result;
  if (reply.code === null) return stage === 'auth' ? pause : defer;
  const enhanced = reply.enhanced ?? '';
  const limit = badAddress.includes(enhanced) ? null : limitOf(reply);
  if (limit) return { do: 'wait', ms: limit.waitMs };
  const refusal = { stage, code: reply.code, enhanced, session };
  return rules.find(([fits]) => fits(refusal))?.[1] ?? fail;
}

const minute = 60_000;

/** How long a domain that refuses us is held back, in ms. */
export const holdMs = 60 * minute;

/**
 * When to try again after `attempts` tries (1 after the first): a minute, doubling, at most an
 * hour, up to a fifth more by `chance` (0–1), so that lanes don't come back all at once. In ms.
 */
export function backOff(attempts: number, chance: number): number {
  const base = Math.min(minute * 2 ** Math.max(attempts - 1, 0), 60 * minute);
  return Math.round(base * (1 + chance / 5));
}
