import type { WrittenDay } from '../day-text.ts';
import type { RawPaper } from '../paper.ts';
import { arxivIdOfUrl } from '../urls.ts';
import type { Text } from './texts.ts';

/** A paper while its lines are being read: what they said so far. */
export type CapturedPaper = Pick<RawPaper, 'title'> & {
  readonly line: number;
  readonly abstract: string[];
  /** Whether something stood below the abstract, so that it has ended. */
  closed?: boolean;
  publishedOn?: WrittenDay;
} & {
  -readonly [K in
    | 'arxivId'
    | 'url'
    | 'codeUrl'
    | 'authors'
    | 'authorCount'
    | 'upvotes']?: RawPaper[K];
};

/** What the link to a paper's page says of it. */
export type PaperPage = { readonly url: string; readonly arxivId: string };

/** A paper of which only the title is read. */
export function startPaper(
  { line, text: title, urls }: Text,
  pending: PaperPage | null,
): CapturedPaper {
  const page = paperPageIn(urls) ?? pending ?? { url: otherPageIn(urls) };
  return { line, title, abstract: [], ...page };
}

/** The first of `urls` that is a paper's page, without the place on it; null where none is. */
export function paperPageIn(urls: readonly string[]): PaperPage | null {
  for (const url of urls) {
    const arxivId = arxivIdOfUrl(url);
    if (!arxivId) continue;
    const { origin, pathname, search } = new URL(url);
    return { url: `${origin}${pathname}${search}`, arxivId };
  }
  return null;
}

/** Where a title may lead that is no arXiv paper: any page that is not the site's own. */
function otherPageIn(urls: readonly string[]): string | null {
  const own = /(?:^|\.)(?:huggingface\.co|hf\.co|github\.com)$/;
  return urls.find(url => !own.test(new URL(url).hostname)) ?? null;
}

/** The paper that a vote's link names: `…/login?next=%2Fpapers%2F2309.00071`; null where it is none. */
export function votedPaper(urls: readonly string[]): string | null {
  for (const url of urls) {
    const next = new URL(url).searchParams.get('next');
    const id = next && URL.canParse(next, url) ? arxivIdOfUrl(new URL(next, url).href) : null;
    if (id) return id;
  }
  return null;
}
