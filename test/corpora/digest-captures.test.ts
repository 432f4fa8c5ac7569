import { describe, expect, test } from 'vitest';
import { readable } from '../../src/digest/paper.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { corpusFiles, readCorpusFile } from '../support/corpora.ts';

type Truth = { readonly title: string; readonly abstract: string };

function parse(file: string, referenceDay: string) {
  return parseDigest(readCorpusFile('captures', file), { referenceDay, source: file });
}

/** What TeX clean-up may change is left out of both sides, without the help of the code under test. */
function lettersAndDigits(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\\color\{[a-z]*/g, '')
    .replace(/(\d ?)times(?= ?\d|[ .,)])/g, '$1')
    .replace(/\\i\b/g, 'i')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

describe('captured days', () => {
  test.each(corpusFiles('captures', '.truth.json'))('%s is recovered exactly', file => {
    const truth: readonly Truth[] = JSON.parse(readCorpusFile('captures', file).toString());
    const day = file.slice(0, 10);
    const digest = parse(file.replace('.truth.json', '.txt'), day);
    expect(digest.date).toBe(day);
    expect(digest.curator).toBe('AK and the research community');
    expect(digest.papers.map(({ title }) => title)).toEqual(
      truth.map(({ title }) => readable(title)),
    );
    expect(digest.papers.map(({ abstract }) => abstract)).toEqual(
      truth.map(({ abstract }) => readable(abstract)),
    );
    for (const [at, { title, abstract }] of digest.papers.entries()) {
      expect(lettersAndDigits(title)).toBe(lettersAndDigits(truth[at]?.title ?? ''));
      expect(lettersAndDigits(abstract)).toBe(lettersAndDigits(truth[at]?.abstract ?? ''));
    }
  });

  test('all in one file are the newest, or the day that is wanted', () => {
    const files = corpusFiles('captures', '.truth.json').map(file =>
      file.replace('.truth.json', '.txt'),
    );
    const pages = files.map(file => {
      const page = readCorpusFile('captures', file).toString();
      // Each was captured in its own year, which the page does not say.
      return page.replace(/^([A-Z][a-z]{2} \d{1,2})$/m, `$1, ${file.slice(0, 4)}`);
    });
    const options = { referenceDay: '2026-09-02', source: 'all.txt' };
    for (const file of [files[0], files.at(-2)].filter(file => file !== undefined)) {
      const date = file.slice(0, 10);
      expect(parseDigest(pages.join('\n'), { ...options, date })).toEqual(parse(file, date));
    }
    expect(parseDigest(pages.join('\n'), options).date).toBe(files.at(-1)?.slice(0, 10));
  });

  test('the page this project starts from has 53 papers, and no TeX residue', () => {
    const file = '2025-09-03-search-page.txt';
    const { date, papers } = parse(file, '2026-09-02');
    expect(date).toBe('2025-09-03');
    const blocks = readCorpusFile('captures', file).toString().trim().split(/\n\n+/).slice(6);
    expect(
      papers.flatMap(({ title, abstract }) => [title, abstract]).map(lettersAndDigits),
    ).toEqual(blocks.map(lettersAndDigits));
    expect(papers).toHaveLength(53);
    for (const { title, abstract } of papers)
      expect(`${title} ${abstract}`).not.toMatch(/\\%|``|''|\w~\S/);
  });
});
