import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickPapers } from '../../src/edition/pick.ts';
import { aDigest, aPaper, nothingCarried, papers } from '../support/builders.ts';

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
    const carried = { has: ({ title }: { title: string }) => title !== 'Paper 3' };
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
    const carried = { has: ({ title }: { title: string }) => title === 'Carried' };
    const { picks, rest } = pickPapers(digest, { count: 2, carried, late });
    expect(titles(picks.map(pick => pick.paper))).toEqual(['First', 'Worth it']);
    expect(titles(rest)).toEqual(['Second', 'Not worth it']);
  });

  it('gives nothing where nothing is new', () => {
    const { picks, rest } = pickPapers(aDigest(), { count: 10, carried: { has: () => true } });
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
