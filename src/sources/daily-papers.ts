import {
  byUpvotes,
  dailyPapersPage,
  isDailyPapersPage,
  type ListedItem,
  listedDigest,
  newestDay,
  readAnswer,
} from '../digest/daily-papers.ts';
import { decode } from '../digest/decode.ts';
import type { LoadedDigest } from '../digest/digest.ts';
import { EmptyDigestError } from '../digest/digest.ts';
import { addDays, type Day, isDay } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import type { Fetcher } from './fetch/fetcher.ts';
import type { Wanted } from './names.ts';

/** A day has 50 papers and a month 1,500: what has more pages than this has no end. */
const mostPages = 30;

/** The most papers that the API gives at once. */
const pageSize = 100;

/** The questions of the API that name a time. */
const times = ['date', 'week', 'month'];

/**
 * The digest of the Daily Papers API at `url`, all its pages. Without a day in the question its own
 * latest day is taken, which at weekends is Friday. Where the API fails, the page for people is read
 * instead, and the API's error is among the problems. Throws EmptyDigestError, InputError.
 */
export async function loadDailyPapers(
  url: string,
  wanted: Wanted,
  fetcher: Fetcher,
): Promise<LoadedDigest> {
  const question = questionOf(url, wanted);
  try {
    return await loadAnswer(question, wanted.referenceDay, fetcher);
  } catch (error) {
    if (!(error instanceof InputError) || error instanceof EmptyDigestError) throw error;
    const page = pageForPeople(question);
    const digest = await loadPage(page, wanted, fetcher).catch(() => null);
    if (!digest) throw error;
    const failed = `${error.message} (${page} was read instead)`;
    return { ...digest, problems: [failed, ...digest.problems] };
  }
}

/**
 * The URL of the API's answer (https://huggingface.co/docs/hub/api): what is wanted goes before what
 * `url` says.
 */
function questionOf(url: string, { date, week }: Wanted): URL {
  const asked = new URL(url);
  const { searchParams } = asked;
  if (date || week) for (const name of times) searchParams.delete(name);
  if (date) searchParams.set('date', date);
  else if (week) searchParams.set('week', week);
  if (!searchParams.has('limit')) searchParams.set('limit', String(pageSize));
  return asked;
}

/** The page for people of what a question asks for: `https://huggingface.co/papers/date/…`. */
function pageForPeople({ origin, searchParams }: URL): string {
  const part = times.find(name => searchParams.has(name));
  return `${origin}/papers${part ? `/${part}/${searchParams.get(part)}` : ''}`;
}

async function loadAnswer(
  { href, searchParams }: URL,
  referenceDay: Day,
  fetcher: Fetcher,
): Promise<LoadedDigest> {
  const date = searchParams.get('date');
  // It names no time, so the answer is the latest and in no order.
  const latest = ![...times, 'sort'].some(name => searchParams.has(name));
  const limit = Math.min(Number(searchParams.get('limit')) || pageSize, pageSize);
  const items: ListedItem[] = [];
  let before: Uint8Array | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const url = new URL(href);
    if (page > 0) url.searchParams.set('p', String(page));
    const { body } = await fetcher.get(url.href);
    // A server that knows no pages gives the first one for ever.
    if (before && Buffer.compare(body, before) === 0) break;
    before = body;
    const more = readAnswer(decode(body, url.href), url.href);
    items.push(...more);
    if (searchParams.has('p') || more.length < limit || (latest && hasSeveralDays(items))) break;
  }
  const newest = newestDay(items, addDays(referenceDay, 1)) ?? newestDay(items);
  const day = date && isDay(date) ? date : (newest ?? referenceDay);
  // What is said to be of a day to come is of the newest there is.
  const current = latest
    ? items.filter(item => (item.day ?? newest ?? '') >= (newest ?? ''))
    : items;
  const digest = listedDigest(current, day, href);
  return latest ? { ...digest, papers: byUpvotes(digest.papers) } : digest;
}

function hasSeveralDays(items: readonly ListedItem[]): boolean {
  return new Set(items.flatMap(({ day }) => day ?? [])).size > 1;
}

/** The digest of the page for people; null where that is something else. */
async function loadPage(
  url: string,
  { date, referenceDay }: Wanted,
  fetcher: Fetcher,
): Promise<LoadedDigest | null> {
  const { body } = await fetcher.get(url);
  const text = decode(body, url);
  if (!isDailyPapersPage(text)) return null;
  return dailyPapersPage.parse(text, { date, referenceDay, source: url });
}
