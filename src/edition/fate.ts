import { addDays, type Day } from '../lib/day.ts';
import { carryDays, type SeenPaper } from './late.ts';
import type { Identity } from './paper-index.ts';

/** What became of a paper that was seen. `on` is the edition's date. */
export type Fate =
  | { readonly fate: 'picked' | 'listed'; readonly on: Day }
  | { readonly fate: 'waiting'; readonly until: Day }
  | { readonly fate: 'dropped'; readonly reason: string };

/** What fates are read from: the dates of the editions that had a paper, and the day it is. */
export type FateRules = {
  readonly picked: { get(paper: Identity): Day | undefined };
  readonly listed: { get(paper: Identity): Day | undefined };
  /** The day of the first edition's digest; null before there is one. */
  readonly since: Day | null;
  readonly today: Day;
};

/** What became of a paper: every one was picked, listed or dropped, or waits for the next edition. */
export function fateOf({ day, paper }: SeenPaper, rules: FateRules): Fate {
  const [picked, listed] = [rules.picked.get(paper), rules.listed.get(paper)];
  if (picked !== undefined) return { fate: 'picked', on: picked };
  if (listed !== undefined) return { fate: 'listed', on: listed };
  if (rules.since !== null && day < rules.since) {
    return { fate: 'dropped', reason: `it is older than the first edition, of ${rules.since}` };
  }
  const until = addDays(day, carryDays);
  if (rules.today <= until) return { fate: 'waiting', until };
  return { fate: 'dropped', reason: `no edition up to ${until} (${carryDays} days) could take it` };
}

/** A fate in words. */
export function describeFate(fate: Fate): string {
  if (fate.fate === 'waiting') return `may come until ${fate.until}`;
  if (fate.fate === 'dropped') return fate.reason;
  return `${fate.fate} in the edition of ${fate.on}`;
}
