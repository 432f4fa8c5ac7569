import { excerpt } from '../lib/text.ts';
import { dayOf } from './day-text.ts';
import { EmptyDigestError, type LoadedDigest, type Paper } from './digest.ts';
import { collectPapers, type ParseOptions } from './format.ts';
import { makePaper } from './paper.ts';
import { arxivId, arxivIdOfUrl, webUrl } from './urls.ts';

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
function toPaper(entry: Entry): Paper | string {
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

/** Entries that are null are not meant for readers: they are passed over, not left out. */
export function entriesDigest(
  entries: readonly (Entry | null)[],
  made: string | null,
  { referenceDay, date = referenceDay, source }: ParseOptions,
): LoadedDigest {
  const fresh = entries.filter(entry => entry !== null);
  if (fresh.length === 0) {
    const old = entries.length > 0 ? ' that are new, only replacements' : '';
    throw new EmptyDigestError(`${source}: it lists no papers${old}.`);
  }
  const days = fresh.map(({ published }) => dayOf(published)).filter(day => day !== null);
  const newest = days.sort().at(-1) ?? (made && dayOf(made)) ?? date;
  return { date: newest, curator: null, ...collectPapers(fresh.map(toPaper), source) };
}
