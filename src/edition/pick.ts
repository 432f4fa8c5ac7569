import type { Digest, Paper } from '../digest/digest.ts';
import type { Pick } from './edition.ts';

/** How many papers to pick, and which ones an earlier edition of the same kind has carried. */
export type PickRules = {
  readonly count: number;
  readonly carried: { has(paper: Paper): boolean };
};

/**
 * The day's picks and the other new papers, both by upvotes where known, else in the digest's
 * order; papers without a count follow those with one. Both are empty where nothing is new.
 */
export function pickPapers(
  digest: Digest,
  { count, carried }: PickRules,
): { picks: Pick[]; rest: Paper[] } {
  const fresh = digest.papers
    .filter(paper => !carried.has(paper))
    .sort((a, b) => (b.upvotes ?? -1) - (a.upvotes ?? -1));
  const picks = fresh.slice(0, count).map((paper, index) => ({ position: index + 1, paper }));
  return { picks, rest: fresh.slice(count) };
}
