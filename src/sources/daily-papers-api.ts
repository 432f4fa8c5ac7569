import { byUpvotes, type Listed, newestDay, readListed } from '../digest/daily-papers/items.ts';
import { isDailyPapersPage } from '../digest/daily-papers/page.ts';
import { dailyPapersPage, listedDigest, readAnswer } from '../digest/daily-papers.ts';
import { decode } from '../digest/decode.ts';
import type { LoadedDigest } from '../digest/digest.ts';
import { EmptyDigestError } from '../digest/empty.ts';
import type { ParsedDigest } from '../digest/format.ts';
import { addDays, type Day, isDay } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import { pageForPeople, pageUrl, readRequest, type Wanted } from './daily-papers-request.ts';
import type { Fetcher } from './fetch/fetcher.ts';

/** A day has 50 papers and a month 1,500: what has more pages than this has no end. */
const mostPages = 30;

/**
 * The digest of the Daily Papers API at `url`, all its pages. Without a day in the question its own
 * latest day is taken, which at weekends is Friday. Where the API fails, the page for people is read
 * instead, and the API's error is among `failed`. Throws EmptyDigestError, InputError.
 */
export async function loadDailyPapers(
  url: string,
  wanted: Wanted & { readonly referenceDay: Day },
  fetcher: Fetcher,
): Promise<LoadedDigest> {
  const question = pageUrl(url, wanted, 0);
  try {
    return { ...(await loadAnswer(question, wanted.referenceDay, fetcher)), failed: [] };
  } catch (error) {
    if (!(error instanceof InputError) || error instanceof EmptyDigestError) throw error;
    const page = pageForPeople(question);
    const digest = await loadPage(page, wanted, fetcher).catch(() => {
      throw error;
    });
    return { ...digest, failed: [`${error.message} (${page} was read instead)`] };
  }
}

async function loadAnswer(
  question: string,
  referenceDay: Day,
  fetcher: Fetcher,
): Promise<ParsedDigest> {
  const { date, latest, limit, onePage } = readRequest(question);
  const listed: (Listed | string)[] = [];
  let before: Uint8Array | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const url = page === 0 ? question : pageUrl(question, {}, page);
    const { body } = await fetcher.get(url);
    // A server that knows no pages gives the first one for ever.
    if (before && Buffer.compare(body, before) === 0) break;
    before = body;
    const items = readAnswer(decode(body, url), url).map(readListed);
    listed.push(...items);
    if (onePage || items.length < limit || (latest && hasOlderDay(listed))) break;
  }
  const newest = newestDay(listed, addDays(referenceDay, 1)) ?? newestDay(listed);
  const day = date && isDay(date) ? date : (newest ?? referenceDay);
  if (!latest) return listedDigest(listed, day, question);
  const digest = listedDigest(
    // What is said to be of a day to come is of the newest there is.
    listed.filter(item => typeof item === 'string' || (item.day ?? newest ?? '') >= (newest ?? '')),
    day,
    question,
  );
  return { ...digest, papers: byUpvotes(digest.papers) };
}

function hasOlderDay(listed: readonly (Listed | string)[]): boolean {
  const newest = newestDay(listed);
  return listed.some(item => typeof item !== 'string' && item.day !== null && item.day !== newest);
}

async function loadPage(
  url: string,
  { date, referenceDay }: Wanted & { readonly referenceDay: Day },
  fetcher: Fetcher,
): Promise<ParsedDigest> {
  const { body } = await fetcher.get(url);
  const text = decode(body, url);
  if (!isDailyPapersPage(text)) throw new InputError(`${url}: this is no page of Daily Papers.`);
  return dailyPapersPage.parse(text, { date, referenceDay, source: url });
}
