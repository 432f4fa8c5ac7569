import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, rank, ranking, score } from '../../src/edition/rank.ts';
import { aPaper } from '../support/builders.ts';

function candidate(title: string, upvotes: number | null, age = 0): Candidate {
  return { paper: aPaper({ title, upvotes }), day: '2025-09-03', age };
}

const order = (candidates: readonly Candidate[]) =>
  rank(candidates).map(({ paper }) => paper.title);

describe('score', () => {
  it('is the upvotes, worth less with each list since', () => {
    expect(score(candidate('today', 10))).toBe(10);
    expect(score(candidate('late', 10, 1))).toBe(10 * ranking.decay);
    expect(score(candidate('later', 10, 2), { decay: 0.5 })).toBe(2.5);
  });

  it('is unknown where upvotes are', () => {
    expect(score(candidate('unknown', null, 1))).toBeNull();
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
