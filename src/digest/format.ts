import type { z } from 'zod';
import type { Day } from '../lib/day.ts';
import { InputError, messageOf } from '../lib/errors.ts';
import { excerpt } from '../lib/text.ts';
import type { LoadedDigest, Paper } from './digest.ts';
import { mergePapers } from './paper.ts';

/** What a parser is told besides the text. */
export type ParseOptions = {
  /** A day without a year is the latest such day not after this one. */
  readonly referenceDay: Day;
  /** How messages name the source: a path, a URL. */
  readonly source: string;
  /** Which day is wanted, where the text may hold several; the newest where it is left out. */
  readonly date?: Day | undefined;
};

/** One format that digests come in. */
export type Format = {
  readonly name: string;
  /** Whether the text is in this format, by a look at it. */
  readonly recognises: (text: string) => boolean;
  /**
   * Text with `\n` line ends in, digest out. Throws EmptyDigestError for a list without papers, and
   * InputError for what cannot be read.
   */
  readonly parse: (text: string, options: ParseOptions) => LoadedDigest;
};

/** A field that costs nobody the paper, whatever it holds. */
export function loose<T extends z.ZodType>(schema: T) {
  return schema.nullish().catch(null);
}

/** The value of a JSON text. Throws InputError. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = excerpt(messageOf(error), 100);
    throw new InputError(
      `${source}: this is not whole JSON: ${reason}. Was it cut off on its way?`,
      { cause: error },
    );
  }
}

/** A month of Daily Papers has 1,500 items. Each takes a few µs to look at, whatever is in it. */
const mostItems = 20_000;

/** Throws InputError where a list has more items than anybody's list of papers. */
export function checkCount(count: number, source: string): void {
  if (count <= mostItems) return;
  throw new InputError(`${source}: ${count} items are no digest; the limit is ${mostItems}.`);
}

/**
 * The papers of a list's items, each once; where an item is none, a string says why, and it is left
 * out. Throws InputError where not one of the items is a paper.
 */
export function collectPapers(
  items: readonly (Paper | string)[],
  source: string,
): Pick<LoadedDigest, 'papers' | 'problems'> {
  const papers = items.filter(item => typeof item !== 'string');
  const problems = items.flatMap((item, at) =>
    typeof item === 'string' ? [`${source}: item ${at + 1} was left out: ${item}`] : [],
  );
  if (papers.length > 0) return { papers: mergePapers(papers), problems };
  throw new InputError(
    `${source}: none of its ${items.length} items is a paper. The first: ` +
      `${items.find(item => typeof item === 'string')}.`,
  );
}
