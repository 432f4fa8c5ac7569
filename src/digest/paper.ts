import { cleanText } from '../lib/text.ts';
import type { Paper } from './digest.ts';
import { texToUnicode } from './tex/tex.ts';
import { titleKey } from './title-key.ts';
import { codeUrlIn, titleSearchUrl, webUrl } from './urls.ts';

/** A paper as a source wrote it: TeX, line breaks and all. What it does not say is left out. */
export type RawPaper = Pick<Paper, 'title' | 'abstract'> & {
  readonly [K in Exclude<keyof Paper, 'title' | 'abstract' | 'titleKey'>]?:
    | Paper[K]
    | null
    | undefined;
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
    pdfUrl: linkOf(raw.pdfUrl) ?? (arxivId && `https://arxiv.org/pdf/${arxivId}`),
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

/**
 * The papers, each once, in the order they first came. The same paper is the same arXiv id or the
 * same title; what one record lacks is taken from the other, and the longer abstract is kept.
 */
export function mergePapers(papers: readonly Paper[]): Paper[] {
  const places = new Map<string, number>();
  const merged: (Paper | null)[] = [];
  for (const paper of papers) {
    const found = new Set(identities(paper).map(key => places.get(key) ?? merged.length));
    const [place, ...others] = [...found].sort((a, b) => a - b);
    const known = [place, ...others].map(at => merged[at ?? 0] ?? null).filter(one => one !== null);
    const whole = [...known, paper].reduce(richer);
    for (const other of others) merged[other] = null;
    const at = place ?? merged.length;
    merged[at] = whole;
    for (const one of [...known, paper]) for (const key of identities(one)) places.set(key, at);
  }
  return merged.filter(paper => paper !== null);
}

function identities(paper: Paper): string[] {
  const title = `title ${paper.titleKey}`;
  return paper.arxivId ? [title, `arxiv ${paper.arxivId}`] : [title];
}

function richer(first: Paper, second: Paper): Paper {
  const linked = first.arxivId || !second.arxivId ? first : second;
  return {
    ...first,
    arxivId: linked.arxivId,
    url: linked.url,
    pdfUrl: first.pdfUrl ?? second.pdfUrl,
    codeUrl: first.codeUrl ?? second.codeUrl,
    abstract: second.abstract.length > first.abstract.length ? second.abstract : first.abstract,
    tldr: first.tldr ?? second.tldr,
    authors: second.authors.length > first.authors.length ? second.authors : first.authors,
    authorCount: larger(first.authorCount, second.authorCount),
    upvotes: larger(first.upvotes, second.upvotes),
    publishedOn: first.publishedOn ?? second.publishedOn,
  };
}

function larger(first: number | null, second: number | null): number | null {
  if (first === null || second === null) return first ?? second;
  return Math.max(first, second);
}
