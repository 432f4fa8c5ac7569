import { describe, expect, test } from 'vitest';
import { isDailyPapersApi, listsByDay, splitSources, urlOf } from '../../src/sources/names.ts';

describe('the sources that a text names', () => {
  test.each([
    ['sample', ['sample']],
    ['papers.txt', ['papers.txt']],
    ['my papers, of today.txt', ['my papers', 'of today.txt']],
    ['my papers.txt', ['my papers.txt']],
    ['papers,final.txt', ['papers,final.txt']],
    ['a.txt, b.txt', ['a.txt', 'b.txt']],
    ['https://a.test/x', ['https://a.test/x']],
    ['https://a.test/x?id=1,2', ['https://a.test/x?id=1,2']],
    ['https://a.test/x https://b.test/y', ['https://a.test/x', 'https://b.test/y']],
    ['https://a.test/x,https://b.test/y', ['https://a.test/x', 'https://b.test/y']],
    ['https://a.test/x, arxiv:cs.LG+cs.CL', ['https://a.test/x', 'arxiv:cs.LG+cs.CL']],
    ['arxiv:cs.LG\n\tarxiv:cs.CL', ['arxiv:cs.LG', 'arxiv:cs.CL']],
    ['my papers.txt https://a.test/x', ['my papers.txt', 'https://a.test/x']],
    ['https://a.test/x sample', ['https://a.test/x', 'sample']],
    ['https://a.test/x, sample,', ['https://a.test/x', 'sample']],
    ['-', ['-']],
  ])('%j', (text, sources) => {
    expect(splitSources(text)).toEqual(sources);
  });
});

describe('where a source is fetched from', () => {
  test.each([
    ['https://a.test/x', 'https://a.test/x'],
    ['HTTP://a.test/x', 'HTTP://a.test/x'],
    ['arxiv:cs.LG', 'https://rss.arxiv.org/atom/cs.LG'],
    [
      'arxiv:cs.LG+cond-mat.mtrl-sci+math',
      'https://rss.arxiv.org/atom/cs.LG+cond-mat.mtrl-sci+math',
    ],
    ['papers.txt', null],
    ['arxiv.txt', null],
    ['sample', null],
  ])('%s: %s', (source, url) => {
    expect(urlOf(source)).toBe(url);
  });

  test.each(['arxiv:', 'arxiv:cs.LG,cs.CL', 'arxiv:../x', 'arxiv:2309.00071'])(
    'is nowhere for %s',
    source => {
      expect(() => urlOf(source)).toThrow(`${source}: name categories of arXiv like this`);
    },
  );
});

test('the Daily Papers API is known by its path, also on a mirror', () => {
  expect(isDailyPapersApi('https://huggingface.co/api/daily_papers?date=2025-09-03')).toBe(true);
  expect(isDailyPapersApi('https://mirror.test/api/daily_papers')).toBe(true);
  expect(isDailyPapersApi('https://huggingface.co/papers')).toBe(false);
});

test.each([
  ['https://huggingface.co/api/daily_papers', true],
  ['arxiv:cs.LG+cs.CL', true],
  ['https://rss.arxiv.org/rss/cs.LG', true],
  ['https://example.org/feed.xml', false],
  ['papers.txt', false],
])('whether %s has a list for each weekday: %s', (source, known) => {
  expect(listsByDay(source)).toBe(known);
});
