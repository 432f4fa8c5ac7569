import { describe, expect, it } from 'vitest';
import type { Paper } from '../../src/digest/digest.ts';
import {
  carryDays,
  historyOf,
  latePapers,
  paperIndex,
  type SeenPaper,
} from '../../src/edition/paper-history.ts';
import { addDays } from '../../src/lib/day.ts';
import { aDigest, aPaper } from '../support/builders.ts';

const today = '2025-09-10';
const digest = aDigest({ date: today, papers: [aPaper({ title: 'New', arxivId: '2509.00001' })] });
const seenOn = (day: string, title: string, arxivId: string | null = null): SeenPaper => ({
  day,
  paper: aPaper({ title, arxivId }),
});

function late(
  seen: readonly SeenPaper[],
  had: readonly Paper[] = [],
  since: string | null = '2025-01-01',
) {
  const picked = paperIndex(had.map(paper => [paper, today]));
  const rules = { picked, listed: paperIndex<string>(), since };
  return latePapers(digest, seen, rules).map(({ paper, age }) => [paper.title, age]);
}

describe('latePapers', () => {
  it('are those of earlier days that no edition had, the younger first', () => {
    const seen = [
      seenOn('2025-09-08', 'Monday'),
      seenOn('2025-09-09', 'Had'),
      seenOn('2025-09-09', 'Tuesday'),
    ];
    expect(late(seen, [aPaper({ title: 'Had' })])).toEqual([
      ['Tuesday', 1],
      ['Monday', 2],
    ]);
  });

  it('age by lists, not by days: a weekend makes nobody older', () => {
    expect(late([seenOn('2025-09-05', 'Friday')])).toEqual([['Friday', 1]]);
  });

  it('are not older than a week', () => {
    expect(late([seenOn(addDays(today, -carryDays), 'In time')])).toHaveLength(1);
    expect(late([seenOn(addDays(today, -carryDays - 1), 'Too old')])).toEqual([]);
  });

  it('are none before the first edition, nor of days before it', () => {
    const seen = [seenOn('2025-09-08', 'Before'), seenOn('2025-09-09', 'Since')];
    expect(late(seen, [], null)).toEqual([]);
    expect(late(seen, [], '2025-09-09')).toEqual([['Since', 1]]);
  });

  it('come once, by id or by title, and not beside themselves on today’s list', () => {
    const seen = [
      seenOn('2025-09-09', 'Renamed since', '2509.00001'),
      seenOn('2025-09-09', 'Twice', '2509.00002'),
      seenOn('2025-09-08', 'Twice, retitled', '2509.00002'),
      seenOn('2025-09-08', 'Twice'),
    ];
    expect(late(seen)).toEqual([['Twice', 1]]);
  });
});

describe('historyOf', () => {
  const rules = {
    picked: paperIndex([[aPaper({ title: 'Picked' }), '2025-09-03'] as const]),
    listed: paperIndex([[aPaper({ title: 'Listed' }), '2025-09-04'] as const]),
    since: '2025-09-02',
  };

  it.each([
    ['Picked', '2025-09-03', { outcome: 'picked', on: '2025-09-03' }],
    ['Listed', '2025-09-03', { outcome: 'listed', on: '2025-09-04' }],
    ['Waiting', '2025-09-03', { outcome: 'waiting', until: today }],
  ])('of a paper: %s', (title, day, history) => {
    expect(historyOf(seenOn(day, title), rules, today)).toEqual(history);
  });

  it('says why a paper was dropped', () => {
    expect(historyOf(seenOn('2025-09-02', 'Old'), rules, today)).toEqual({
      outcome: 'dropped',
      reason: 'no edition up to 2025-09-09 (7 days) could take it',
    });
    expect(historyOf(seenOn('2025-09-01', 'Older'), rules, today)).toEqual({
      outcome: 'dropped',
      reason: 'it is older than the first edition, of 2025-09-02',
    });
  });
});
