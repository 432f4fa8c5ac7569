import type { Digest, Paper } from '../digest/digest.ts';
import type { Day } from '../lib/day.ts';
import type { Pick } from './edition.ts';

/** A paper that may be picked. */
export type Candidate = {
  readonly paper: Paper;
  /** The source's day on whose list it is. */
  readonly day: Day;
  /** How many lists have come since its own; 0: it is on today's. */
  readonly age: number;
};

/** What came of a paper when an edition was picked, and why. */
export type Explained = Omit<Candidate, 'age'> & {
  /** `listed`: below the picks. `carried`: an earlier edition of the kind had picked it. */
  readonly outcome: 'picked' | 'listed' | 'carried';
  /** Its place among all candidates, from 1; null for what was carried. */
  readonly rank: number | null;
  readonly reason: string;
};

/** How many papers to pick, and from what. */
export type PickRules = {
  readonly count: number;
  /** The date of the earlier edition of the same kind that has carried a paper. */
  readonly carried: { get(paper: Paper): Day | undefined };
  /** Papers of earlier days that came too late for their edition, see `latePapers()`. */
  readonly late?: readonly Candidate[];
};

/** The picks, the other new papers, and both in this order with the reasons, then what was carried. */
export type Picked = {
  readonly picks: readonly Pick[];
  readonly rest: readonly Paper[];
  readonly explained: readonly Explained[];
};

/**
 * Picks the best: by score, those without one last; of as many, the younger first, then in the
 * digest's order. So a source without upvotes keeps its order. All is empty where nothing is new.
 */
export function pickPapers(digest: Digest, { count, carried, late = [] }: PickRules): Picked {
  const today = digest.papers.map(paper => ({ paper, day: digest.date, age: 0 }));
  const ranked = [...today, ...late]
    .filter(({ paper }) => carried.get(paper) === undefined)
    .map(candidate => ({ candidate, score: score(candidate) ?? -1 }))
    .sort((a, b) => b.score - a.score || a.candidate.age - b.candidate.age)
    .map(({ candidate }) => candidate);
  const papers = ranked.map(({ paper }) => paper);
  return {
    picks: papers.slice(0, count).map((paper, at) => ({ position: at + 1, paper })),
    rest: papers.slice(count),
    explained: [
      ...ranked.map(({ age, ...one }, at): Explained => {
        const worth = describeWorth({ ...one, age });
        return at < count
          ? { ...one, outcome: 'picked', rank: at + 1, reason: worth }
          : { ...one, outcome: 'listed', rank: at + 1, reason: `${worth}: below the picks` };
      }),
      ...today.flatMap(({ paper, day }): Explained[] => {
        const on = carried.get(paper);
        if (on === undefined) return [];
        const reason = `the edition of ${on} picked it`;
        return [{ paper, day, outcome: 'carried', rank: null, reason }];
      }),
    ],
  };
}

/**
 * What an upvote is worth after each further list, as a ratio. A late paper has had more time for its
 * upvotes. On 3,300 papers of 2024 and 2025 they rise by two an hour over the first eight hours, so we
 * take them to be three times as many by the next morning. Then a decay of a third has late papers
 * picked as often as those in time (62 % and 63 %, as figured by `paperround digest --backtest DIR
 * --late 30`). It is a little less, so that they must be better.
 */
export const decay = 0.3;

/** What a candidate is ranked by: its upvotes, worth less with age; null where they are unknown. */
function score({ paper, age }: Candidate): number | null {
  return paper.upvotes === null ? null : paper.upvotes * decay ** age;
}

function describeWorth(candidate: Candidate): string {
  const { paper, day, age } = candidate;
  const late = age > 0 ? `too late for the edition of ${day}; ` : '';
  const value = score(candidate);
  if (value === null) return `${late}no upvotes are known, so it keeps its place in the list`;
  const votes = `${late}${paper.upvotes} ${paper.upvotes === 1 ? 'upvote' : 'upvotes'}`;
  if (age === 0) return votes;
  return `${votes}, which count as ${value.toFixed(1)} after ${age} ${age === 1 ? 'list' : 'lists'}`;
}
