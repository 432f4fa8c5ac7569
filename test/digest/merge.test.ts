import { expect, test } from 'vitest';
import { makePaper, mergePapers, type RawPaper } from '../../src/digest/paper.ts';

function paper(raw: Partial<RawPaper>) {
  return makePaper({ title: 'T', abstract: 'A.', ...raw });
}

test('the same title is the same paper, and each record gives what the other lacks', () => {
  const url = 'https://huggingface.co/papers/2401.00001';
  const merged = mergePapers([
    paper({ title: 'One Thing', abstract: 'Short.', upvotes: 3 }),
    paper({ title: 'Another' }),
    paper({
      title: 'ONE thing!',
      abstract: 'A longer abstract.',
      arxivId: '2401.00001',
      url,
      upvotes: 5,
      tldr: 'In short.',
    }),
  ]);
  expect(merged.map(({ title }) => title)).toEqual(['One Thing', 'Another']);
  expect(merged[0]).toMatchObject({
    abstract: 'A longer abstract.',
    arxivId: '2401.00001',
    url,
    upvotes: 5,
    tldr: 'In short.',
  });
});

test('the same arXiv id is the same paper, whatever its title', () => {
  const merged = mergePapers([
    paper({ title: 'Old Title', arxivId: '2401.00001' }),
    paper({ title: 'New Title', arxivId: '2401.00001' }),
  ]);
  expect(merged.map(({ title }) => title)).toEqual(['Old Title']);
});

test('two papers that a third shows to be one become one', () => {
  const merged = mergePapers([
    paper({ title: 'Old Title', arxivId: '2401.00001' }),
    paper({ title: 'New Title' }),
    paper({ title: 'New Title', arxivId: '2401.00001' }),
  ]);
  expect(merged).toHaveLength(1);
});

test('different papers stay apart, in order', () => {
  const papers = [
    paper({ title: 'B' }),
    paper({ title: 'A', arxivId: '2401.00001' }),
    paper({ title: 'C' }),
  ];
  expect(mergePapers(papers)).toEqual(papers);
});
