import { arxivIdOfUrl, isCodeUrl } from '../urls.ts';

/** What the links around a paper say of it. */
export type PaperLinks = {
  readonly url: string;
  readonly arxivId: string;
};

/** Whether `url` is the page of a paper with an arXiv id. */
export function isPaperPage(url: string): boolean {
  return arxivIdOfUrl(url) !== null;
}

/** The first of `urls` that is a paper's page, without the place on it; null where none is. */
export function paperPageIn(urls: readonly string[]): PaperLinks | null {
  for (const url of urls) {
    const id = arxivIdOfUrl(url);
    if (id) return { url: withoutHash(url), arxivId: id };
  }
  return null;
}

/** The first of `urls` that is a repository, or null. */
export function codeUrlOf(urls: readonly string[]): string | null {
  return urls.find(isCodeUrl) ?? null;
}

/** Where a title may lead that is no arXiv paper: any page that is not the site's own. */
export function otherPageIn(urls: readonly string[]): string | null {
  return (
    urls.find(
      url => !/(?:^|\.)(?:huggingface\.co|hf\.co|github\.com)$/.test(new URL(url).hostname),
    ) ?? null
  );
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

/** Whether a number with these links counts comments. */
export function countsComments(urls: readonly string[]): boolean {
  return urls.some(url => new URL(url).hash === '#community');
}

function withoutHash(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search}`;
}
