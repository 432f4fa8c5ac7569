import { describe, expect, test } from 'vitest';
import { readable } from '../../src/digest/paper.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { type Shown, writers } from '../digest/capture/writers.ts';
import { corpusFiles, readCorpusFile, wholeCorpora } from '../support/corpora.ts';

type ApiItem = {
  readonly paper: {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly upvotes: number;
    readonly authors: readonly { readonly name: string }[];
  };
};

/** Every so manyth day; all of them take a minute. */
const stride = Number(process.env.PAPERROUND_CORPORA_STRIDE ?? (wholeCorpora ? 25 : 4));

/** Markdown in an abstract cannot be told from the Markdown around it. */
const ownMarkdown = /\]\(/;

function shown(file: string): Shown[] {
  const items: readonly (ApiItem | string)[] = JSON.parse(
    readCorpusFile('huggingface', file).toString(),
  );
  return items
    .flatMap(item => (typeof item === 'string' ? [] : [item.paper]))
    .map(paper => ({
      id: paper.id,
      title: oneLine(paper.title),
      abstract: oneLine(paper.summary),
      upvotes: paper.upvotes,
      authors: paper.authors.map(({ name }) => name),
      authorCount: paper.authors.length,
      published: 'Oct 7, 2024',
    }))
    .filter(({ abstract }) => !ownMarkdown.test(abstract));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function lettersAndDigits(text: string): string {
  return readable(text)
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

describe('real days as other tools write them', () => {
  const days = corpusFiles('huggingface', '.json.gz')
    .filter((_, at) => at % stride === 0)
    .map(file => ({ day: file.slice(0, 10), papers: shown(file) }))
    .filter(({ papers }) => papers.length > 0);

  test.each(writers.filter(({ keeps }) => !keeps.includes('authors')))('$tool', ({ write }) => {
    expect(days.length).toBeGreaterThan(0);
    for (const { day, papers } of days) {
      const digest = parseDigest(write(day, papers), { referenceDay: day, source: day });
      expect(
        digest.papers.map(({ title }) => title),
        day,
      ).toEqual(papers.map(({ title }) => readable(title)));
      expect(
        digest.papers.map(({ abstract }) => lettersAndDigits(abstract)),
        day,
      ).toEqual(papers.map(({ abstract }) => lettersAndDigits(abstract)));
    }
  });
});
