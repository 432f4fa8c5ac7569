import { InputError } from '../lib/errors.ts';
import type { Paper } from './digest.ts';
import type { ParsedDigest } from './format.ts';
import { mergePapers } from './merge.ts';

/**
 * The papers of a list's items, each once; where an item is none, a string says why, and it is left
 * out. Throws InputError where not one of the items is a paper.
 */
export function collectPapers(
  items: readonly (Paper | string)[],
  source: string,
): Pick<ParsedDigest, 'papers' | 'leftOut'> {
  const papers = items.filter(item => typeof item !== 'string');
  const leftOut = items.flatMap((item, at) =>
    typeof item === 'string' ? [`${source}: item ${at + 1} was left out: ${item}`] : [],
  );
  if (papers.length > 0) return { papers: mergePapers(papers), leftOut };
  throw new InputError(
    `${source}: none of its ${items.length} items is a paper. The first: ` +
      `${items.find(item => typeof item === 'string')}.`,
  );
}
