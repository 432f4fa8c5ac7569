import type { Digest, Paper } from '../digest/digest.ts';
import type { Day } from '../lib/day.ts';
import type { Identity } from './paper-index.ts';
import type { Picked } from './pick.ts';
import { type Candidate, score } from './rank.ts';

/** What came of one paper when an edition was picked, and why. */
export type Explained = {
  readonly paper: Paper;
  /** The source's day on whose list it is. */
  readonly day: Day;
  /** `listed`: below the picks. `carried`: an earlier edition of the kind had picked it. */
  readonly outcome: 'picked' | 'listed' | 'carried';
  /** Its place among all candidates, from 1; null for what was carried. */
  readonly rank: number | null;
  readonly reason: string;
};

/** Why each paper was picked or not: the candidates in their order, then what was carried before. */
export function explainPicks(
  digest: Digest,
  { ranked, picks }: Picked,
  carried: { get(paper: Identity): Day | undefined },
): Explained[] {
  const candidates = new Set(ranked.map(({ paper }) => paper));
  const others = digest.papers.filter(paper => !candidates.has(paper));
  return [
    ...ranked.map((candidate, at): Explained => {
      const { paper, day } = candidate;
      const isPicked = at < picks.length;
      return {
        paper,
        day,
        outcome: isPicked ? 'picked' : 'listed',
        rank: at + 1,
        reason: isPicked ? worth(candidate) : `${worth(candidate)}: below the picks`,
      };
    }),
    ...others.map((paper): Explained => {
      const on = carried.get(paper);
      const reason = on ? `the edition of ${on} picked it` : 'an earlier edition picked it';
      return { paper, day: digest.date, outcome: 'carried', rank: null, reason };
    }),
  ];
}

function worth(candidate: Candidate): string {
  const { paper, day, age } = candidate;
  const late = age > 0 ? `too late for the edition of ${day}; ` : '';
  const value = score(candidate);
  if (value === null) return `${late}no upvotes are known, so it keeps its place in the list`;
  const votes = `${late}${paper.upvotes} ${paper.upvotes === 1 ? 'upvote' : 'upvotes'}`;
  if (age === 0) return votes;
  return `${votes}, which count as ${value.toFixed(1)} after ${age} ${age === 1 ? 'list' : 'lists'}`;
}
