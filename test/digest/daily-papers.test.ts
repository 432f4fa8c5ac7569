import { describe, expect, test } from 'vitest';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { listedItem, listedItems, papersPage } from './support/papers.ts';

function parse(text: string) {
  return parseDigest(text, { referenceDay: '2025-09-10', source: 'in' });
}

describe('an answer of the Daily Papers API', () => {
  test('is read with all that it says of a paper', () => {
    const { date, curator, papers } = parse(JSON.stringify([listedItem(7)]));
    expect([date, curator]).toEqual(['2025-09-03', 'AK and the research community']);
    expect(papers).toMatchObject([
      {
        arxivId: '2509.00007',
        title: 'Paper Number 7',
        abstract: 'We study question 7. It has an answer.',
        tldr: 'Question 7 has an answer.',
        url: 'https://huggingface.co/papers/2509.00007',
        pdfUrl: 'https://arxiv.org/pdf/2509.00007',
        codeUrl: 'https://github.com/papers/number-7',
        authors: ['Ada Lovelace'],
        authorCount: 2,
        upvotes: 7,
        publishedOn: '2025-09-02',
      },
    ]);
  });

  test('loses no paper for a field that is missing or wrong', () => {
    const nothing = {
      authors: null,
      upvotes: '12',
      ai_summary: 3,
      githubRepo: 'git@a:b',
      publishedAt: 'x',
    };
    const { papers, problems } = parse(
      JSON.stringify([
        listedItem(1, nothing),
        { ...listedItem(2, { title: undefined }), title: 'The Other\nTitle' },
        listedItem(3, { id: 'not-of-arxiv', authors: [{ name: 'Ada' }, 'x', { hidden: true }] }),
        listedItem(4, { summary: '' }),
      ]),
    );
    expect(problems).toEqual([]);
    expect(papers.find(({ arxivId }) => arxivId === '2509.00001')).toMatchObject({
      authors: [],
      authorCount: null,
      upvotes: null,
      tldr: null,
      codeUrl: null,
      publishedOn: null,
    });
    expect(papers.map(({ title }) => title)).toContain('The Other Title');
    expect(papers.find(({ arxivId }) => arxivId === null)).toMatchObject({
      url: 'https://huggingface.co/papers/not-of-arxiv',
      pdfUrl: null,
      authors: ['Ada'],
      authorCount: 3,
    });
    expect(papers.find(({ upvotes }) => upvotes === 4)?.abstract).toBe('Question 4 has an answer.');
  });

  test('says what it left out', () => {
    const { papers, problems } = parse(
      JSON.stringify([listedItem(1), "{'paper': {'id': '2412.07730'}}", { id: 'x' }, null]),
    );
    expect(papers).toHaveLength(1);
    expect(problems).toEqual([
      'in: item 2 was left out: it is text, not an object: the list was damaged on its way',
      'in: item 3 was left out: it has no field "paper"',
      'in: item 4 was left out: it has no field "paper"',
    ]);
  });

  test('is of its newest day, most upvotes first, also from a file', () => {
    const later = listedItem(5, { submittedOnDailyAt: '2025-09-04T01:00:00.000Z' });
    const { date, papers } = parse(JSON.stringify([listedItem(1), later, listedItem(3)], null, 2));
    expect(date).toBe('2025-09-04');
    expect(papers.map(({ upvotes }) => upvotes)).toEqual([5, 3, 1]);
  });

  test('is of the reference day where it says none, and may be empty', () => {
    const undated = listedItem(1, { submittedOnDailyAt: undefined });
    expect(parse(JSON.stringify([undated])).date).toBe('2025-09-10');
    expect(() => parse(' [ ]\n')).toThrow(EmptyDigestError);
  });

  test('that was cut off is refused', () => {
    expect(() => parse('[{"paper":\n {"id": }')).toThrow(/^in: this is not whole JSON: /);
  });
});

describe('the page of Daily Papers as HTML', () => {
  test('has the same list in it, in its own order', () => {
    const page = parse(papersPage(listedItems(3)));
    expect(page.date).toBe('2025-09-03');
    expect(page.papers).toEqual([...parse(JSON.stringify(listedItems(3))).papers].reverse());
  });

  test('may name the day itself', () => {
    const items = listedItems(1, 1, { submittedOnDailyAt: undefined });
    const props = { dateString: '2025-09-05', periodType: 'day' };
    expect(parse(papersPage(items, props)).date).toBe('2025-09-05');
  });

  test('may be empty', () => {
    expect(() => parse(papersPage([]))).toThrow(EmptyDigestError);
  });

  test('without its list is refused', () => {
    const page = papersPage(listedItems(1)).replace('dailyPapers', 'papers');
    expect(() => parse(page)).toThrow(/^in: this page of Daily Papers has no list in it/);
  });
});
