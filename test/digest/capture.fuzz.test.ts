import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isDay } from '../../src/day.ts';
import type { Digest } from '../../src/digest/digest.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { InputError } from '../../src/errors.ts';
import { type Shown, writers } from './capture/writers.ts';

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
  for (let seed = 1; seed <= seeds; seed += 1) {
    const input = mutate(text, seed);
    try {
      check(input);
    } catch (error) {
      const path = join(mkdtempSync(join(tmpdir(), 'paperround-fuzz-')), `seed-${seed}.txt`);
      writeFileSync(path, input);
      throw new Error(`seed ${seed} fails; its input is in ${path}`, { cause: error });
    }
  }
});

function check(input: string): void {
  const start = performance.now();
  try {
    checkDigest(parseDigest(input, { referenceDay: '2025-09-03', source: 'fuzz' }));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toMatch(/^fuzz(?::\d+)?: /);
    expect(error.message).not.toMatch(unseen);
  }
  expect(performance.now() - start).toBeLessThan(1000);
}

const unseen = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u;

function checkDigest({ date, curator, papers }: Digest): void {
  if (!isDay(date)) throw new Error(`the date is ${date}`);
  if (papers.length === 0) throw new Error('there is no paper');
  const keys = new Set(papers.map(({ titleKey }) => titleKey));
  const ids = papers.flatMap(({ arxivId }) => arxivId ?? []);
  if (keys.size < papers.length || new Set(ids).size < ids.length) throw new Error('a paper twice');
  for (const paper of papers) {
    for (const shown of [curator ?? 'x', paper.title, paper.abstract, ...paper.authors]) {
      if (unseen.test(shown) || shown.trim() !== shown || shown === '')
        throw new Error(`unclean: ${shown}`);
    }
    for (const url of [paper.url, paper.pdfUrl, paper.codeUrl]) {
      if (url !== null && !/^https?:\/\/[^\s<>"]+$/.test(url)) throw new Error(`no link: ${url}`);
    }
    for (const number of [paper.upvotes, paper.authorCount]) {
      if (number !== null && !Number.isSafeInteger(number)) throw new Error(`no count: ${number}`);
    }
    if (paper.publishedOn !== null && !isDay(paper.publishedOn)) throw new Error('no day');
  }
}

/** A few cuts, copies and insertions, all from the seed. */
function mutate(text: string, seed: number): string {
  const random = mulberry32(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  let mutated = text;
  for (let left = 1 + below(8); left > 0; left -= 1) {
    const at = below(mutated.length + 1);
    const span = below(2) ? below(5) : below(300);
    const piece = pieces[below(pieces.length)] ?? '';
    const copied = mutated.slice(below(mutated.length), below(mutated.length));
    const middle = [piece, '', copied, piece.repeat(below(6))][below(4)] ?? '';
    mutated = mutated.slice(0, at) + middle + mutated.slice(below(3) ? at : at + span);
  }
  return mutated;
}

/** A small generator of numbers in [0, 1), by Tommy Ettinger (public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
