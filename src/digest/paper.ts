import type { Day } from '../day.ts';
import type { Paper } from './digest.ts';
import { texToUnicode } from './tex.ts';
import { cleanText } from './text.ts';
import { titleKey } from './title-key.ts';
import { arxivPdfUrl, codeUrlIn, titleSearchUrl, webUrl } from './urls.ts';

/** A paper as a source wrote it: TeX, line breaks and all. Null or empty where it says nothing. */
export type RawPaper = {
  readonly title: string;
  readonly abstract: string;
  readonly arxivId: string | null;
  readonly url: string | null;
  readonly codeUrl: string | null;
  readonly authors: readonly string[];
  readonly authorCount: number | null;
  readonly upvotes: number | null;
  readonly publishedOn: Day | null;
};

/** The paper that every later stage sees: clean text, and links that can be clicked. */
export function makePaper(raw: RawPaper): Paper {
  const title = readable(raw.title);
  const authors = raw.authors.map(readable).filter(name => name !== '');
  return {
    arxivId: raw.arxivId,
    titleKey: titleKey(raw.title),
    title,
    abstract: readable(raw.abstract),
    url: (raw.url && webUrl(raw.url)) ?? titleSearchUrl(title),
    pdfUrl: raw.arxivId && arxivPdfUrl(raw.arxivId),
    codeUrl: (raw.codeUrl && webUrl(raw.codeUrl)) ?? codeUrlIn(raw.abstract),
    authors,
    authorCount: raw.authorCount ?? (authors.length || null),
    upvotes: raw.upvotes,
    publishedOn: raw.publishedOn,
  };
}

/** A source's text as Unicode that a person can read, on one line. */
export function readable(text: string): string {
  return cleanText(texToUnicode(cleanText(text)));
}
