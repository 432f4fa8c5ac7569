import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Paper } from '../../src/digest/digest.ts';
import { paperIndex } from '../../src/edition/paper-history.ts';
import { type Candidate, decay, pickPapers } from '../../src/edition/pick.ts';
import { aDigest, aPaper, nothingCarried, papers } from '../support/builders.ts';

const carriedOf = (wanted: (title: string) => boolean) => ({
  get: ({ title }: Paper) => (wanted(title) ? '2025-09-01' : undefined),
});
const titles = (found: readonly { title: string }[]) => found.map(({ title }) => title);

describe('pickPapers', () => {
  it('picks by upvotes, and papers without a count after those with one', () => {
    const digest = aDigest({
      papers: [
        aPaper({ title: 'unknown' }),
        aPaper({ title: 'none', upvotes: 0 }),
        aPaper({ title: 'most', upvotes: 12 }),
      ],
    });
    const { picks } = pickPapers(digest, { count: 3, carried: nothingCarried });
    expect(titles(picks.map(pick => pick.paper))).toEqual(['most', 'none', 'unknown']);
    expect(picks.map(pick => pick.position)).toEqual([1, 2, 3]);
  });

  it('keeps the order of the digest where counts are equal or unknown', () => {
    const { picks, rest } = pickPapers(aDigest({ papers: papers(4) }), {
      count: 2,
      carried: nothingCarried,
    });
    expect(titles(picks.map(pick => pick.paper))).toEqual(['Paper 1', 'Paper 2']);
    expect(titles(rest)).toEqual(['Paper 3', 'Paper 4']);
  });

  it('neither picks nor lists what was carried', () => {
    const carried = carriedOf(title => title !== 'Paper 3');
    const { picks, rest } = pickPapers(aDigest(), { count: 10, carried });
    expect(titles(picks.map(pick => pick.paper))).toEqual(['Paper 3']);
    expect(rest).toEqual([]);
  });

  it('picks late papers by their worth, and lists the others', () => {
    const digest = aDigest({
      papers: [aPaper({ title: 'First', upvotes: 20 }), aPaper({ title: 'Second', upvotes: 2 })],
    });
    const late = [
      { paper: aPaper({ title: 'Worth it', upvotes: 40 }), day: '2025-09-02', age: 1 },
      { paper: aPaper({ title: 'Not worth it', upvotes: 3 }), day: '2025-09-02', age: 1 },
      { paper: aPaper({ title: 'Carried', upvotes: 99 }), day: '2025-09-01', age: 2 },
    ];
    const carried = carriedOf(title => title === 'Carried');
    const { picks, rest } = pickPapers(digest, { count: 2, carried, late });
    expect(titles(picks.map(pick => pick.paper))).toEqual(['First', 'Worth it']);
    expect(titles(rest)).toEqual(['Second', 'Not worth it']);
  });

  it('gives nothing where nothing is new', () => {
    const { picks, rest } = pickPapers(aDigest(), { count: 10, carried: carriedOf(() => true) });
    expect([picks, rest]).toEqual([[], []]);
  });

  it('loses and repeats no new paper, and leaves the digest as it was', () => {
    const upvotes = fc.array(fc.option(fc.nat(20)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(upvotes, fc.integer({ min: 1, max: 50 }), (counts, count) => {
        const digest = aDigest({ papers: counts.map(upvotes => aPaper({ upvotes })) });
        const before = [...digest.papers];
        const { picks, rest } = pickPapers(digest, { count, carried: nothingCarried });
        expect(new Set([...picks.map(pick => pick.paper), ...rest])).toEqual(new Set(before));
        expect(picks.length).toBe(Math.min(count, counts.length));
        expect(digest.papers).toEqual(before);
      }),
    );
  });
});

function candidate(title: string, upvotes: number | null, age = 0): Candidate {
  return { paper: aPaper({ title, upvotes }), day: '2025-09-03', age };
}

const rank = (late: readonly Candidate[]) =>
  pickPapers(aDigest({ papers: [] }), { count: 50, carried: nothingCarried, late }).explained;
const order = (candidates: readonly Candidate[]) =>
  rank(candidates).map(({ paper }) => paper.title);
const reasons = (candidates: readonly Candidate[]) => rank(candidates).map(({ reason }) => reason);

describe('score', () => {
  it('is the upvotes, worth less with each list since', () => {
    expect(
      reasons([candidate('today', 10), candidate('late', 10, 1), candidate('later', 10, 2)]),
    ).toEqual([
      '10 upvotes',
      expect.stringContaining(`which count as ${(10 * decay).toFixed(1)} after 1 list`),
      expect.stringContaining(`which count as ${(10 * decay ** 2).toFixed(1)} after 2 lists`),
    ]);
  });

  it('is unknown where upvotes are', () => {
    expect(reasons([candidate('unknown', null, 1)])[0]).toContain('no upvotes are known');
  });
});

describe('rank', () => {
  it('lets a late paper earn its place', () => {
    const today = [candidate('good', 20), candidate('fair', 5)];
    expect(order([...today, candidate('late', 50, 1)])).toEqual(['good', 'late', 'fair']);
    expect(order([...today, candidate('late', 10, 1)])).toEqual(['good', 'fair', 'late']);
    expect(order([...today, candidate('late', 50, 3)])).toEqual(['good', 'fair', 'late']);
  });

  it('puts the younger first among equals, also where nobody knows upvotes', () => {
    for (const upvotes of [0, null]) {
      const mixed = [
        candidate('old', upvotes, 2),
        candidate('late', upvotes, 1),
        candidate('first', upvotes),
        candidate('second', upvotes),
      ];
      expect(order(mixed)).toEqual(['first', 'second', 'late', 'old']);
    }
  });

  it('keeps the order of a source without upvotes, before late papers', () => {
    const list = [candidate('a', null), candidate('b', null), candidate('late', null, 1)];
    expect(order(list)).toEqual(['a', 'b', 'late']);
  });

  it('is the same whatever else is ranked: taking one out changes no other order', () => {
    const some = fc.array(fc.tuple(fc.option(fc.nat(30)), fc.nat(4)), { minLength: 1 });
    fc.assert(
      fc.property(some, fc.nat(), (values, chosen) => {
        const all = values.map(([upvotes, age], at) => candidate(`${at}`, upvotes, age));
        const out = `${chosen % all.length}`;
        const others = all.filter(({ paper }) => paper.title !== out);
        expect(order(others)).toEqual(order(all).filter(title => title !== out));
      }),
    );
  });
});

describe('what is explained of the picks', () => {
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
    const { explained } = pickPapers(digest, { count: 2, carried, late });
    const worth = (10 * decay).toFixed(1);
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
