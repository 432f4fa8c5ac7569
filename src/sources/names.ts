import type { ParseOptions } from '../digest/format.ts';
import { InputError } from '../lib/errors.ts';

/** What is wanted of a source: the papers of a day or a week; where it says neither, its latest. */
export type Wanted = Omit<ParseOptions, 'source'> & {
  /** An ISO week, `2025-W36`; the Daily Papers API alone can tell. */
  readonly week?: string | undefined;
};

const address = /^(?:https?:\/\/|arxiv:)/i;

/**
 * The sources in a text that names one or several: separated by a comma and a space, by a space after
 * or before a URL (or `arxiv:` list), or by a comma before one. So a URL may hold commas, and a path
 * may hold spaces and commas: `my papers.txt, https://a.test/x?id=1,2 arxiv:cs.LG`.
 */
export function splitSources(text: string): string[] {
  return text
    .trim()
    .split(/,\s+|[\s,]+(?=https?:\/\/|arxiv:)/i)
    .flatMap(piece => (address.test(piece.trim()) ? piece.trim().split(/\s+/) : [piece.trim()]))
    .map(piece => piece.replace(/,$/, ''))
    .filter(piece => piece !== '');
}

/** Where a source is to be fetched from: a URL, `arxiv:cs.LG+cs.CL`. Null for what is a file or so. */
export function urlOf(source: string): string | null {
  if (/^https?:\/\//i.test(source)) return source;
  if (!/^arxiv:/i.test(source)) return null;
  const categories = source.slice('arxiv:'.length);
  if (/^[a-z-]+(?:\.[a-z-]+)?(?:\+[a-z-]+(?:\.[a-z-]+)?)*$/i.test(categories)) {
    return `https://rss.arxiv.org/atom/${categories}`;
  }
  throw new InputError(`${source}: name categories of arXiv like this: arxiv:cs.LG+cs.CL`);
}

/** Whether a URL is that of the Daily Papers API, on Hugging Face or a mirror of it. */
export function isDailyPapersApi(url: string): boolean {
  return URL.canParse(url) && /\/api\/daily_papers\/?$/.test(new URL(url).pathname);
}

/** Whether a source has a list of its own for each weekday: the Daily Papers API, arXiv's lists. */
export function listsByDay(source: string): boolean {
  if (isDailyPapersApi(source) || /^arxiv:/i.test(source)) return true;
  return URL.canParse(source) && new URL(source).hostname === 'rss.arxiv.org';
}
