import type { Paper } from '../digest/digest.ts';
import type { Day } from '../lib/day.ts';

/** A paper that may be picked. */
export type Candidate = {
  readonly paper: Paper;
  /** The source's day on whose list it is. */
  readonly day: Day;
  /** How many lists have come since its own; 0: it is on today's. */
  readonly age: number;
};

/** The constants of the ranking. */
export type Ranking = {
  /** What an upvote is worth after each further list, as a ratio. */
  readonly decay: number;
};

/**
 * A late paper has had more time for its upvotes. On 3,300 papers of 2024 and 2025 they rise by two an
 * hour over the first eight hours, so we take them to be three times as many by the next morning. Then
 * a decay of a third has late papers picked as often as those in time (62 % and 63 %, as figured by
 * `paperround digest --backtest DIR --late 30`). It is a little less, so that they must be better.
 */
export const ranking: Ranking = { decay: 0.3 };

/** What a candidate is ranked by: its upvotes, worth less with age; null where they are unknown. */
export function score({ paper, age }: Candidate, { decay }: Ranking = ranking): number | null {
  return paper.upvotes === null ? null : paper.upvotes * decay ** age;
}

/**
 * The candidates, best first: by score, those without one last; of as many, the younger first, then
 * in the order given, which is the source's. So a source without upvotes keeps its order.
 */
export function rank(candidates: readonly Candidate[], by: Ranking = ranking): Candidate[] {
  return candidates
    .map(candidate => ({ candidate, score: score(candidate, by) ?? -1 }))
    .sort((a, b) => b.score - a.score || a.candidate.age - b.candidate.age)
    .map(({ candidate }) => candidate);
}
