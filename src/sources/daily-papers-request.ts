import type { Day } from '../lib/day.ts';

/** What is asked for: a day, or a week like `2025-W36`; where neither is, the source's latest. */
export type Wanted = { readonly date?: Day | undefined; readonly week?: string | undefined };

/** The most papers that the API gives at once. */
export const pageSize = 100;

/**
 * The URL of page number `page` (from 0) of the API's answer
 * (https://huggingface.co/docs/hub/api): what is wanted goes before what `url` says.
 */
export function pageUrl(url: string, wanted: Wanted, page: number): string {
  const asked = new URL(url);
  const { searchParams } = asked;
  if (wanted.date || wanted.week) {
    for (const name of ['date', 'week', 'month']) searchParams.delete(name);
    if (wanted.date) searchParams.set('date', wanted.date);
    else if (wanted.week) searchParams.set('week', wanted.week);
  }
  if (!searchParams.has('limit')) searchParams.set('limit', String(pageSize));
  if (page > 0) searchParams.set('p', String(page));
  return asked.href;
}

/** What a URL of the API asks for. */
export function readRequest(url: string) {
  const { searchParams } = new URL(url);
  return {
    date: searchParams.get('date'),
    /** Whether it names no time, so that the answer is the latest and in no order. */
    latest: !['date', 'week', 'month', 'sort'].some(name => searchParams.has(name)),
    limit: Math.min(Number(searchParams.get('limit')) || pageSize, pageSize),
    /** Whether it names its page, so that no other is asked for. */
    onePage: searchParams.has('p'),
  };
}

/** The page for people of what a URL of the API asks for: `https://huggingface.co/papers/date/…`. */
export function pageForPeople(url: string): string {
  const { origin, searchParams } = new URL(url);
  const part = ['date', 'week', 'month'].find(name => searchParams.has(name));
  return `${origin}/papers${part ? `/${part}/${searchParams.get(part)}` : ''}`;
}
