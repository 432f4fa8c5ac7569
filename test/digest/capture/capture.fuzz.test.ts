import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { parseDigest } from '../../../src/digest/parse.ts';
import { fuzz } from '../support/fuzz.ts';
import { type Shown, writers } from './writers.ts';

/** Per capture. More were run while the parser was written. */
const seeds = Number(process.env.FUZZ_SEEDS ?? 300);

const sample = readFileSync('templates/sample/digest.txt', 'utf8');
const { papers } = parseDigest(sample, { referenceDay: '2025-09-03', source: 'sample' });
const shown: readonly Shown[] = papers.slice(0, 3).map(paper => ({
  ...paper,
  id: paper.arxivId ?? '',
  upvotes: paper.upvotes ?? 0,
  authorCount: paper.authorCount ?? 0,
  published: 'Oct 7, 2024',
}));

/** Three papers at a time, so that a mutation is likely to hit something. */
const captures = [
  { name: 'the sample', text: sample.split('\n').slice(0, 37).join('\n') },
  ...writers
    .filter(({ keeps }) => keeps.includes('arxivId'))
    .map(({ tool, write }) => ({
      name: `a page as written by ${tool}`,
      text: write('Sep 3', shown),
    })),
];

const pieces = [
  '\n',
  '\n\n',
  '\r\n',
  ' ',
  '\t',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  '\u200b',
  '\ud800',
  '\ufeff',
  '[',
  ']',
  '](',
  ')',
  '[12]',
  '![',
  '](javascript:alert(1))',
  '[x](https://a.b/c)',
  '# ',
  '### ',
  '====\n',
  '---\n',
  '- ',
  '***',
  '~',
  '``',
  "''",
  '\\',
  '\\%',
  '\\textit{',
  '{',
  '}',
  '$',
  '^{2}',
  'Sep 3\n',
  'Oct 7, 2024\n',
  '3 authors\n',
  '42\n',
  '▲ 7\n',
  '·',
  'https://arxiv.org/abs/2401.00001\n',
  'https://huggingface.co/login?next=%2Fpapers%2F2401.00001\n',
  'http://[::1\n',
  'Daily Papers\n',
  'by AK and the research community\n',
  'Daily\nWeekly\n',
  '<script>',
  '<a id="x"></a>',
  '{{x}}',
  'Submitted by\n',
  'GitHub\n',
  'References\n',
  '  1. https://a.b/\n',
  '[1]: data:text/html,x\n',
  'A. B, C. D\n',
];

test.each(captures)(`${seeds} mutations of $name are read or refused`, ({ text }) => {
  fuzz(text, { seeds, pieces });
});
