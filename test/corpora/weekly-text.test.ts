import { describe, expect, test } from 'vitest';
import { readable } from '../../src/digest/paper.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { corpusFiles, readCorpusFile } from '../support/corpora.ts';

const letters = (text: string) => text.replace(/\s+/g, '');

describe('weeks as text', () => {
  test.each(corpusFiles('weekly-text', '.txt'))('%s: 50 papers, whole', file => {
    const text = readCorpusFile('weekly-text', file).toString();
    const { papers, date, problems } = parseDigest(text, {
      referenceDay: '2026-09-01',
      source: file,
    });
    expect([date, papers.length, problems]).toEqual(['2026-09-01', 50, []]);
    const blocks = text.split(/^---$/m).slice(0, -1);
    for (const [at, block] of blocks.entries()) {
      const [, title = '', id, summary = ''] =
        /^Title: ([\s\S]*)\nPDF: https:\/\/arxiv\.org\/pdf\/(.*)\nSummary: ([\s\S]*)$/.exec(
          block.trim(),
        ) ?? [];
      expect(papers[at]).toMatchObject({
        title: readable(title),
        arxivId: id,
        url: `https://arxiv.org/abs/${id}`,
        pdfUrl: `https://arxiv.org/pdf/${id}`,
      });
      expect(letters(papers[at]?.abstract ?? '')).toBe(letters(readable(summary)));
      // Sentences that ran into each other are set apart.
      expect(papers[at]?.abstract).not.toMatch(/[a-z]{3}\.[A-Z][a-z]+ /);
    }
  });
});
