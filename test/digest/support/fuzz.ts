import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LoadedDigest } from '../../../src/digest/digest.ts';
import { parseDigest } from '../../../src/digest/parse.ts';
import { isDay } from '../../../src/lib/day.ts';
import { InputError } from '../../../src/lib/errors.ts';

/** How many mutations there are, and what is put into the text besides copies of itself. */
export type FuzzOptions = { readonly seeds: number; readonly pieces: readonly string[] };

/**
 * Changes `text` in `seeds` ways and has each read. Throws where one is neither a good digest nor
 * refused with a good message within a second, and keeps that input in a file.
 */
export function fuzz(text: string, { seeds, pieces }: FuzzOptions): void {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const input = mutate(text, seed, pieces);
    try {
      check(input);
    } catch (error) {
      const path = join(mkdtempSync(join(tmpdir(), 'paperround-fuzz-')), `seed-${seed}.txt`);
      writeFileSync(path, input);
      throw new Error(`seed ${seed} fails; its input is in ${path}`, { cause: error });
    }
  }
}

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

function checkDigest({ date, curator, papers, problems }: LoadedDigest): void {
  if (!isDay(date)) throw new Error(`the date is ${date}`);
  if (papers.length === 0) throw new Error('there is no paper');
  for (const note of problems) if (unseen.test(note)) throw new Error(`unclean: ${note}`);
  const keys = new Set(papers.map(({ titleKey }) => titleKey));
  const ids = papers.flatMap(({ arxivId }) => arxivId ?? []);
  if (keys.size < papers.length || new Set(ids).size < ids.length) throw new Error('a paper twice');
  for (const paper of papers) {
    for (const shown of [
      curator ?? 'x',
      paper.tldr ?? 'x',
      paper.title,
      paper.abstract,
      ...paper.authors,
    ]) {
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
function mutate(text: string, seed: number, pieces: readonly string[]): string {
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
