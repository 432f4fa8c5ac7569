import { describe, expect, test } from 'vitest';
import type { Paper } from '../../src/digest/digest.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { isDay } from '../../src/lib/day.ts';
import { InputError } from '../../src/lib/errors.ts';
import { corpusFiles, readCorpusFile } from '../support/corpora.ts';

type Item = {
  readonly paper: {
    readonly id: string;
    readonly upvotes: number;
    readonly authors: readonly { readonly hidden: boolean }[];
    readonly ai_summary?: string;
  };
};

/** What the digest says of a paper, and what the answer says of it. */
const shown = (paper: Paper) => [
  paper.arxivId,
  paper.url,
  paper.pdfUrl,
  paper.upvotes,
  paper.authorCount,
  paper.authors.length,
  paper.tldr !== null,
];
const said = ({ id, upvotes, authors, ai_summary }: Item['paper']) => [
  id,
  `https://huggingface.co/papers/${id}`,
  `https://arxiv.org/pdf/${id}`,
  upvotes,
  authors.length || null,
  authors.filter(({ hidden }) => !hidden).length,
  Boolean(ai_summary),
];

/** Days of which the archive holds damaged answers. */
const damaged = { from: '2024-12-11', to: '2025-01-10' };

describe('answers of the Daily Papers API', () => {
  const days = corpusFiles('huggingface', '.json.gz').map(file => file.slice(0, 10));
  const isDamaged = (day: string) => day >= damaged.from && day <= damaged.to;

  function parse(day: string) {
    const bytes = readCorpusFile('huggingface', `${day}.json.gz`);
    const digest = () => parseDigest(bytes, { referenceDay: day, source: day });
    return { bytes, digest };
  }

  test('of every whole day are read, every paper of it, with all that is said of it', () => {
    const whole = days.filter(day => !isDamaged(day));
    expect(whole.length).toBeGreaterThan(0);
    for (const day of whole) {
      const { bytes, digest: read } = parse(day);
      const items: readonly Item[] = JSON.parse(bytes.toString());
      const digest = read();
      expect([digest.date, digest.problems]).toEqual([day, []]);
      expect(digest.papers.map(shown), day).toEqual(items.map(({ paper }) => said(paper)));
      for (const paper of digest.papers) {
        if (/\n| {2}/.test(paper.title) || !isDay(paper.publishedOn ?? '')) throw new Error(day);
      }
    }
  });

  test.each(days.filter(isDamaged))('of %s are damaged, and refused with the reason', day => {
    expect(parse(day).digest).toThrow(InputError);
    expect(parse(day).digest).toThrow(/damaged on its way|in no format that Paperround reads/);
  });
});
