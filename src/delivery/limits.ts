import type { Reply } from './reply.ts';

const hour = 3_600_000;

/**
 * The limits that name their time, each with what real servers say, and how long they are waited for
 * (ms). A day's limit is tried every six hours: where it is counted over the last 24 hours (Gmail,
 * Microsoft) it comes free bit by bit, and a daily edition is not worth reading a day late.
 */
export const limits = [
  {
    within: 'day',
    waitMs: 6 * hour,
    words: /\bdaily\b|\b(?:per|a|each|this|the) day\b|\b24[- ]?(?:hours?|hrs?|h)\b/i,
    said: [
      '550 5.4.5 Daily user sending quota exceeded. o65sm25351206pga.71 - gsmtp',
      '454 Throttling failure: Daily message quota exceeded.',
      '550 User me@site.test has exceeded its 24-hour sending limit. Messages to 25 recipients out of 25 allowed have been sent. Relay quota will reset in 4.97 hours.',
      '550 5.7.233 Your message can’t be sent because your tenant exceeded its daily limit for sending email to external recipients',
      '554 5.7.1 <DATA>: Data command rejected: only 10 messages per day',
    ],
  },
  {
    within: 'hour',
    waitMs: hour,
    words: /\bhourly\b|\b(?:per|an|each|this|last|one|1)[- ]hour\b|\bhour limit\b/i,
    said: [
      '550 Domain site.test has exceeded the max emails per hour (101/100 (101%)) allowed. Message discarded.',
      '450 4.7.1 <END-OF-MESSAGE>: End-of-data rejected: Number messages per hour exceeded. Error:RATE_MSG',
      '550 send spam mail rejected: exceeded hour limit',
      '451 4.7.1 Hourly limit exceeded',
    ],
  },
] as const;

const speaksOfALimit = /\b(?:limits?|quota|exceed\w*|max\w*|too many|only \d+|reached)\b/i;
/** The codes of a mailbox that is full (RFC 3463 §3.3): a limit, but the reader's own. */
const fullMailbox = ['4.2.2', '5.2.2'];

/** The limit that a refusal names with its time; null where it names none. */
export function limitOf({ code, enhanced, text }: Reply): (typeof limits)[number] | null {
  if (code === null || code < 400) return null;
  if (fullMailbox.includes(enhanced ?? '')) return null;
  if (!speaksOfALimit.test(text)) return null;
  return limits.find(({ words }) => words.test(text)) ?? null;
}

const minute = 60_000;

/**
 * When to try again after a limit (UTC ms): `waitMs` from `now`, but no later than half an hour before
 * the edition expires, if there is time for that.
 */
export function waitUntil(
  waitMs: number,
  { now, expiresAt }: { readonly now: number; readonly expiresAt: number },
): number {
  const last = expiresAt - 30 * minute;
  return last > now + 15 * minute ? Math.min(now + waitMs, last) : now + waitMs;
}
