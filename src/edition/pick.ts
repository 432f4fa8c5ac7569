import type { Digest, Paper } from '../digest/digest.ts';
import type { Pick } from './edition.ts';
import { type Candidate, type Ranking, rank, ranking } from './rank.ts';

/** How many papers to pick, and from what. */
export type PickRules = {
  readonly count: number;
  /** What an earlier edition of the same kind has carried. */
  readonly carried: { has(paper: Paper): boolean };
  /** Papers of earlier days that came too late for their edition, see `latePapers()`. */
  readonly late?: readonly Candidate[];
  readonly ranking?: Ranking;
};

/** The picks and the other new papers; all of them, in this order, are in `ranked`, too. */
export type Picked = {
  readonly picks: Pick[];
  readonly rest: Paper[];
  readonly ranked: readonly Candidate[];
};

/** The day's papers, see `rank()`. All is empty where nothing is new. */
export function pickPapers(digest: Digest, rules: PickRules): Picked {
  const today = digest.papers.map(paper => ({ paper, day: digest.date, age: 0 }));
  const fresh = [...today, ...(rules.late ?? [])].filter(({ paper }) => !rules.carried.has(paper));
  const ranked = rank(fresh, rules.ranking ?? ranking);
  const papers = ranked.map(({ paper }) => paper);
  const picks = papers.slice(0, rules.count).map((paper, at) => ({ position: at + 1, paper }));
  return { picks, rest: papers.slice(rules.count), ranked };
}
