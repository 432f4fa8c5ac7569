import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readable } from '../../src/digest/paper.ts';
import { sentences } from '../../src/edition/sentences.ts';
import { summarise } from '../../src/edition/summarise.ts';
import { rouge } from '../bench/rouge.ts';
import { corpusFiles, readCorpusFile, wholeCorpora } from '../support/corpora.ts';

type Answer = readonly {
  readonly paper?: { readonly summary: string; readonly ai_summary?: string };
}[];

/** Reading more days would take seconds; `npm run bench:summary` does. */
const everyNth = wholeCorpora ? 5 : 1;

function readDay(file: string): readonly { abstract: string; tldr: string | null }[] {
  const answer: Answer = JSON.parse(readCorpusFile('huggingface', file).toString());
  // Some days were damaged where they were kept.
  if (!Array.isArray(answer)) return [];
  return answer.flatMap(({ paper }) =>
    paper
      ? [
          {
            abstract: readable(paper.summary),
            tldr: paper.ai_summary ? readable(paper.ai_summary) : null,
          },
        ]
      : [],
  );
}

function isBalanced(text: string): boolean {
  return ['()', '[]', '{}', '“”'].every(
    ([open = '', close = '']) => text.split(open).length === text.split(close).length,
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('summaries of what was published', () => {
  const papers = corpusFiles('huggingface', '.json.gz')
    .filter((_, nth) => nth % everyNth === 0)
    .flatMap(readDay);

  test('end where a sentence does, and are no broken ones', () => {
    const someAbstract = fc.constantFrom(...papers.map(({ abstract }) => abstract));
    const someLength = fc.constantFrom(320, 520);
    fc.assert(
      fc.property(someAbstract, someLength, (abstract, maxChars) => {
        const summary = summarise(abstract, maxChars);
        const all = [...sentences(abstract)];
        expect(summary.length).toBeLessThanOrEqual(maxChars);
        expect(summary).toMatch(/[.!?…]["'”’)\]]*$/);
        if (isBalanced(abstract)) expect(isBalanced(summary)).toBe(true);
        if (summary.endsWith('…') && !abstract.endsWith('…'))
          expect(all.filter(({ length }) => length <= maxChars)).toEqual([]);
        else
          for (const shown of sentences(summary))
            expect(all.some(sentence => sentence.endsWith(shown.slice(1)))).toBe(true);
      }),
      { numRuns: 1_000, seed: 20250903 },
    );
  });

  test('say what the lines say that came with the papers', () => {
    const known = papers.flatMap(({ abstract, tldr }) =>
      tldr ? [{ summary: summarise(abstract, 320), tldr }] : [],
    );
    expect(known.length).toBeGreaterThan(wholeCorpora ? 400 : 100);
    expect(mean(known.map(({ summary, tldr }) => rouge(summary, tldr)))).toBeGreaterThan(0.37);
    expect(mean(known.map(({ summary }) => summary.length))).toBeLessThan(300);
  });
});
