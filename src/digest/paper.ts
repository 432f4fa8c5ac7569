import type { Day } from '../lib/day.ts';
import { cleanText } from '../lib/text.ts';
import type { Paper } from './digest.ts';
import { texToUnicode } from './tex/tex.ts';
import { titleKey } from './title-key.ts';
import { arxivPdfUrl, codeUrlIn, titleSearchUrl, webUrl } from './urls.ts';

/** A paper as a source wrote it: TeX, line breaks and all. What it does not say is left out. */
export type RawPaper = {
  readonly title: string;
  readonly abstract: string;
  readonly tldr?: string | null | undefined;
  readonly arxivId?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly pdfUrl?: string | null | undefined;
  readonly codeUrl?: string | null | undefined;
  readonly authors?: readonly string[] | undefined;
  readonly authorCount?: number | null | undefined;
  readonly upvotes?: number | null | undefined;
  readonly publishedOn?: Day | null | undefined;
};

/** No real one has more characters (or, of authors, names); what is beyond is cut off. */
const most = { title: 1000, abstract: 20_000, name: 200, authors: 5000 };

/** The paper that every later stage sees: clean text, and links that can be clicked. */
export function makePaper(raw: RawPaper): Paper {
  const rawTitle = raw.title.slice(0, most.title);
  const rawAbstract = raw.abstract.slice(0, most.abstract);
  const title = readable(rawTitle);
  const authors = (raw.authors ?? [])
    .slice(0, most.authors)
    .map(name => readable(name.slice(0, most.name)))
    .filter(name => name !== '');
  const arxivId = raw.arxivId ?? null;
  return {
    arxivId,
    titleKey: titleKey(rawTitle),
    title,
    abstract: readable(rawAbstract),
    tldr: readable((raw.tldr ?? '').slice(0, most.title)) || null,
    url: linkOf(raw.url) ?? titleSearchUrl(title),
    pdfUrl: linkOf(raw.pdfUrl) ?? (arxivId && arxivPdfUrl(arxivId)),
    codeUrl: linkOf(raw.codeUrl) ?? codeUrlIn(rawAbstract),
    authors,
    authorCount: raw.authorCount ?? (authors.length || null),
    upvotes: raw.upvotes ?? null,
    publishedOn: raw.publishedOn ?? null,
  };
}

function linkOf(url: string | null | undefined): string | null {
  return url ? webUrl(url) : null;
}

/** A source's text as Unicode that a person can read, on one line. */
export function readable(text: string): string {
  const clean = cleanText(text);
  // What is nothing but TeX, `{}`, is better than nothing.
  return cleanText(texToUnicode(clean)) || clean;
}
