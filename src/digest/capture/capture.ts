import type { Day } from '../../lib/day.ts';
import { InputError } from '../../lib/errors.ts';
import { resolveDay } from '../day-text.ts';
import { EmptyDigestError, type Paper } from '../digest.ts';
import type { Format } from '../format.ts';
import { makePaper, mergePapers } from '../paper.ts';
import type { CapturedPaper } from './captured-paper.ts';
import { readItems } from './items.ts';
import { readPages } from './pages.ts';
import { readPapers } from './papers.ts';

/**
 * The text of a Daily Papers page, as a browser copies it or another tool writes it: banner,
 * masthead, day, then for each paper its title, a blank line and its abstract, with or without
 * headings, links, authors, days and upvotes. Several days may follow one another; the newest is the
 * digest, or the one that is asked for. Any plain text may be one, so it is tried last.
 */
export const capture: Format = {
  name: 'the text of a Daily Papers page, as copied from a browser',
  recognises: text =>
    !/^\s*(?:\{\s*"|\[\s*[{\]]|<(?:\?xml|rss|feed|rdf)\b)/i.test(text.slice(0, 500)),
  parse(text, { referenceDay, source, date: wanted }) {
    checkLines(text, source);
    const pages = readPages(readItems(text), referenceDay, wanted);
    const days = pages.map(page => page.date);
    const date = wanted ?? days.reduce((latest, day) => (day > latest ? day : latest));
    const papers = pages
      .filter(page => page.date === date)
      .flatMap(page => readPapers(page.items, source).map(paper => toPaper(paper, date)));
    if (papers.length > 0) {
      return {
        date,
        curator: pages[0]?.curator ?? null,
        papers: mergePapers(papers),
        problems: [],
      };
    }
    if (!days.includes(date)) {
      const other = days.join(', ');
      throw new EmptyDigestError(`${source}: it has no papers of ${date}, only of ${other}.`);
    }
    throw new InputError(
      `${source}: there are no papers in it. A capture is the text of a Daily Papers page: ` +
        'titles, each followed by a blank line and an abstract.',
    );
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

function toPaper(paper: CapturedPaper, date: Day): Paper {
  const publishedOn = paper.publishedOn && resolveDay(paper.publishedOn, date);
  return makePaper({ ...paper, abstract: paper.abstract.join(' '), publishedOn });
}
