import type { Day } from '../../lib/day.ts';
import { excerpt } from '../../lib/text.ts';
import { readDay, resolveDay } from '../day-text.ts';
import type { Paper } from '../digest.ts';
import { makePaper } from '../paper.ts';
import { arxivId, arxivIdOfUrl, webUrl } from '../urls.ts';

/** One entry of a feed in whatever format; texts are plain, and empty where it says nothing. */
export type Entry = {
  readonly title: string;
  readonly text: string;
  /** What names it: its identifier and its links, the page to read first. */
  readonly links: readonly string[];
  readonly pdfUrl: string | null;
  readonly authors: readonly string[];
  /** When it was published, as the feed writes it. */
  readonly published: string;
};

/** The paper of an entry, or in words what it lacks. */
export function toPaper(entry: Entry): Paper | string {
  if (entry.title.trim() === '') return 'it has no title';
  if (entry.text.trim() === '') return `“${excerpt(entry.title)}” has no abstract`;
  const paper = makePaper({
    title: entry.title,
    abstract: entry.text,
    arxivId: idOf(entry),
    url: entry.links.find(link => webUrl(link) !== null),
    pdfUrl: entry.pdfUrl,
    authors: entry.authors,
    publishedOn: dayOf(entry.published),
  });
  if (paper.title === '') return 'there is nothing to read in its title';
  return paper.abstract === '' ? 'there is nothing to read in its abstract' : paper;
}

/** `oai:arXiv.org:2508.13435v1`, `http://arxiv.org/abs/2508.13435v1`. */
function idOf({ links }: Entry): string | null {
  for (const link of links) {
    const url = webUrl(link);
    const id = url ? arxivIdOfUrl(url) : arxivId(link.replace(/^oai:arXiv\.org:/i, ''));
    if (id) return id;
  }
  return null;
}

/**
 * The day of `2025-12-01T00:38:17Z` or `Fri, 23 Feb 2024 00:00:00 -0500`, as it is written there:
 * in the feed's own time zone. Null where it is neither.
 */
export function dayOf(time: string): Day | null {
  const [day] = /^\d{4}-\d{2}-\d{2}|(?<=^(?:\w{3,9},?\s+)?)\d{1,2}\s+\w{3,9}\s+\d{4}/.exec(
    time.trim().slice(0, 60),
  ) ?? [''];
  const written = readDay(day);
  // Both forms have a year, so nothing is reckoned from the reference day.
  return written?.year ? resolveDay(written, '') : null;
}
