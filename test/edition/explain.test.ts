import { describe, expect, it } from 'vitest';
import { explainPicks } from '../../src/edition/explain.ts';
import { paperIndex } from '../../src/edition/paper-index.ts';
import { pickPapers } from '../../src/edition/pick.ts';
import { ranking } from '../../src/edition/rank.ts';
import { aDigest, aPaper } from '../support/builders.ts';

describe('explainPicks', () => {
  it('says of every paper what came of it, and why', () => {
    const had = aPaper({ title: 'Had', upvotes: 9 });
    const digest = aDigest({
      papers: [
        aPaper({ title: 'Unknown' }),
        had,
        aPaper({ title: 'Lead', upvotes: 30 }),
        aPaper({ title: 'Low', upvotes: 1 }),
      ],
    });
    const late = [{ paper: aPaper({ title: 'Late', upvotes: 10 }), day: '2025-09-02', age: 1 }];
    const carried = paperIndex([[had, '2025-09-01'] as const]);
    const explained = explainPicks(
      digest,
      pickPapers(digest, { count: 2, carried, late }),
      carried,
    );
    const worth = (10 * ranking.decay).toFixed(1);
    expect(explained.map(({ paper, ...rest }) => [paper.title, rest])).toEqual([
      ['Lead', { day: '2025-09-03', outcome: 'picked', rank: 1, reason: '30 upvotes' }],
      [
        'Late',
        {
          day: '2025-09-02',
          outcome: 'picked',
          rank: 2,
          reason: `too late for the edition of 2025-09-02; 10 upvotes, which count as ${worth} after 1 list`,
        },
      ],
      [
        'Low',
        { day: '2025-09-03', outcome: 'listed', rank: 3, reason: '1 upvote: below the picks' },
      ],
      [
        'Unknown',
        {
          day: '2025-09-03',
          outcome: 'listed',
          rank: 4,
          reason: 'no upvotes are known, so it keeps its place in the list: below the picks',
        },
      ],
      [
        'Had',
        {
          day: '2025-09-03',
          outcome: 'carried',
          rank: null,
          reason: 'the edition of 2025-09-01 picked it',
        },
      ],
    ]);
  });
});
