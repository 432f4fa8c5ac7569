import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../src/digest/parse.ts';
import { type Shown, writers } from './writers.ts';

const sample = parseDigest(readFileSync('templates/sample/digest.txt'), {
  referenceDay: '2025-09-03',
  source: 'sample',
});

const papers: readonly Shown[] = sample.papers.map((paper, at) => ({
  title: paper.title,
  abstract: paper.abstract,
  authors: paper.authors.length > 0 ? paper.authors : ['Somebody Else', 'Jan van der Berg'],
  id: paper.arxivId ?? '',
  upvotes: at % 5 === 4 ? 0 : (paper.upvotes ?? 0),
  authorCount: paper.authorCount ?? 0,
  published: 'Oct 7, 2024',
}));

describe.each(writers)('the page as written by $tool', ({ write, keeps }) => {
  const digest = parseDigest(write('Sep 3', papers), {
    referenceDay: '2025-09-10',
    source: 'page',
  });

  test('has the day and the curator', () => {
    expect(digest.date).toBe('2025-09-03');
    expect(digest.curator).toBe('AK and the research community');
  });

  test('has every title and every abstract, in order, and nothing else', () => {
    const shown = papers.map(({ title, abstract }) => ({ title, abstract }));
    expect(digest.papers.map(({ title, abstract }) => ({ title, abstract }))).toEqual(shown);
  });

  test(`keeps ${keeps.join(', ') || 'no more than that'}`, () => {
    for (const [at, paper] of digest.papers.entries()) {
      const shown = papers[at];
      if (keeps.includes('arxivId')) {
        expect(paper.arxivId).toBe(shown?.id);
        expect(paper.url).toBe(`https://huggingface.co/papers/${shown?.id}`);
      } else expect(paper.url).toContain('https://huggingface.co/papers?q=');
      if (keeps.includes('upvotes')) expect(paper.upvotes || 0).toBe(shown?.upvotes);
      if (keeps.includes('authors')) expect(paper.authors).toEqual(shown?.authors);
      if (keeps.includes('authorCount')) expect(paper.authorCount).toBe(shown?.authorCount);
    }
  });
});
