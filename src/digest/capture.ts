import type { Day } from '../day.ts';
import { InputError } from '../errors.ts';
import type { Draft } from './capture/draft.ts';
import { readHead } from './capture/head.ts';
import { readItems } from './capture/items.ts';
import { readPapers } from './capture/papers.ts';
import { resolveDay } from './day-text.ts';
import type { Format } from './format.ts';
import { mergePapers } from './merge.ts';
import { makePaper } from './paper.ts';

/**
 * The text of a Daily Papers page, as a browser copies it or another tool writes it: banner,
 * masthead, day, then for each paper its title, a blank line and its abstract, with or without
 * headings, links, authors, days and upvotes. Any plain text may be one, so it is tried last.
 */
export const capture: Format = {
  name: 'page capture',
  recognises: text =>
    !/^\s*(?:\{\s*"|\[\s*[{\]]|<(?:\?xml|rss|feed|rdf)\b)/i.test(text.slice(0, 500)),
  parse(text, { referenceDay, source }) {
    checkLines(text, source);
    const items = readItems(text);
    const head = readHead(items);
    const date = head.day ? resolveDay(head.day, referenceDay) : referenceDay;
    const drafts = readPapers(items.slice(head.end), source);
    if (drafts.length === 0) {
      throw new InputError(
        `${source}: there are no papers in it. A capture is the text of a Daily Papers page: ` +
          'titles, each followed by a blank line and an abstract.',
      );
    }
    return {
      date,
      curator: head.curator,
      papers: mergePapers(drafts.map(draft => toPaper(draft, date))),
    };
  },
};

/** In characters. Real abstracts have 2,000. */
const longestLine = 100_000;

function checkLines(text: string, source: string): void {
  const lines = text.split('\n');
  const at = lines.findIndex(line => line.length > longestLine);
  if (at < 0) return;
  throw new InputError(
    `${source}:${at + 1}: a line of ${lines[at]?.length} characters is no text of a page of papers.`,
  );
}

function toPaper(draft: Draft, date: Day) {
  const publishedOn = draft.publishedOn && resolveDay(draft.publishedOn, date);
  return makePaper({ ...draft, abstract: draft.abstract.join(' '), publishedOn });
}
