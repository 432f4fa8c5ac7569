import { badAddress, type Verdict } from './policy.ts';
import type { Reply, SendResult, Stage } from './reply.ts';

/** What two refusals are compared by. `stage` is null where it is not known any more. */
export type Likeness = {
  readonly stage: Stage | null;
  readonly code: number | null;
  readonly enhanced: string | null;
  /** Lower-cased; without addresses, the reader's name, numbers, domains and links. */
  readonly words: ReadonlySet<string>;
};

/** The likeness of a reply to mail for `address`. */
export function likenessOf(
  { code, enhanced, text }: Reply,
  stage: Stage | null,
  address: string,
): Likeness {
  const name = address.slice(0, address.lastIndexOf('@')).toLowerCase();
  const names = new Set([name, ...name.split(/[^\p{L}]+/u)]);
  const words = text
    .toLowerCase()
    .split(/\s+/)
    // Numbers and ids, addresses, links, domains and base64.
    .filter(token => !/\d|@|:\/\/|[^\W_]\.[^\W_]/.test(token) && token.length < 25)
    .flatMap(token => token.match(/\p{L}{2,}/gu) ?? [])
    .filter(word => !names.has(word));
  return { stage, code, enhanced, words: new Set(words) };
}

/** So much of all their words two replies must share (ratio), to be nearly the same. */
const nearlyTheSame = 0.6;

/** Whether two replies are nearly the same: at one stage, with the same codes and like words. */
export function isAlike(one: Likeness, other: Likeness): boolean {
  if (one.code !== other.code || one.enhanced !== other.enhanced) return false;
  if (one.stage !== other.stage && one.stage !== null && other.stage !== null) return false;
  const shared = [...one.words].filter(word => other.words.has(word)).length;
  const all = one.words.size + other.words.size - shared;
  return all === 0 || shared / all >= nearlyTheSame;
}

/**
 * Codes that are about one reader, whatever the address: Exchange's groups that take mail of their own
 * organisation's people only, and addresses that need SMTPUTF8 (RFC 6531 §3.5).
 */
const ownRules = ['5.7.129', '5.7.133', '5.6.7'];

/**
 * How a refusal looks like one reader's, but may be one of us: `policy` (RFC 3463 §3.8) may be their
 * domain's, `other` everybody's. Null where there is no doubt.
 */
export function doubtOf(result: SendResult, verdict: Verdict): 'policy' | 'other' | null {
  if (verdict.do === 'hold') return 'policy';
  if (result.kind !== 'refused' || verdict.do !== 'fail' || verdict.blame) return null;
  const enhanced = result.reply.enhanced ?? '';
  if (badAddress.includes(enhanced) || ownRules.includes(enhanced)) return null;
  return enhanced.startsWith('5.7.') ? 'policy' : 'other';
}

/** What a server said, without the addresses in it: logs and pages show no reader's. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>"'(),:;]+@[^\s<>"'(),:;]+/g, '…');
}
