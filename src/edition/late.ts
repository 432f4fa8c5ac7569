import type { Digest, Paper } from '../digest/digest.ts';
import { addDays, type Day } from '../lib/day.ts';
import { type Identity, paperIndex, paperSet } from './paper-index.ts';
import type { Candidate } from './rank.ts';

/** A paper as it was last seen on the list of one of the source's days. */
export type SeenPaper = { readonly day: Day; readonly paper: Paper };

/** How many days after its own a paper may still come. */
export const carryDays = 7;

/** What decides on the papers of earlier days. */
export type LateRules = {
  /** What was seen of the days before, each day in its list's order. */
  readonly seen: readonly SeenPaper[];
  /** What an earlier edition picked or listed. */
  readonly had: { has(paper: Identity): boolean };
  /** The day of the first edition's digest; null before there is one. What is older is not ours. */
  readonly since: Day | null;
};

/**
 * The papers of earlier days that no edition had, because they came on their list when its edition
 * was out, because that day had none, or because they did not fit. Each once, the younger first; none
 * that is in `digest`.
 */
export function latePapers(digest: Digest, { seen, had, since }: LateRules): Candidate[] {
  const from = addDays(digest.date, -carryDays);
  const before = seen.filter(({ day }) => day < digest.date && day >= from);
  const days = [...new Set(before.map(({ day }) => day))].sort().reverse();
  const today = paperSet(digest.papers);
  const found = paperIndex<true>();
  return days.flatMap((day, at) =>
    before.flatMap(({ day: own, paper }) => {
      if (own !== day || since === null || day < since) return [];
      if (had.has(paper) || today.has(paper) || found.has(paper)) return [];
      found.add(paper, true);
      return [{ paper, day, age: at + 1 }];
    }),
  );
}
