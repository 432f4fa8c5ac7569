import { InputError } from '../lib/errors.ts';
import { byUpvotes, type Listed, newestDay, readListed } from './daily-papers/items.ts';
import { isDailyPapersPage, readPage } from './daily-papers/page.ts';
import { EmptyDigestError } from './empty.ts';
import type { Format, ParsedDigest } from './format.ts';
import { checkCount, parseJson } from './json.ts';
import { collectPapers } from './left-out.ts';

/**
 * An answer of Hugging Face's Daily Papers API. Without `date` it comes in no order, so it is put
 * into that of a day's page.
 */
export const dailyPapers: Format = {
  name: "an answer of Hugging Face's Daily Papers API",
  recognises: text => /^\s*\[\s*(?:"?\{|\]\s*$)/.test(text),
  parse(text, { source, date, referenceDay }) {
    const listed = readAnswer(text, source).map(readListed);
    const digest = listedDigest(listed, newestDay(listed) ?? date ?? referenceDay, source);
    return { ...digest, papers: byUpvotes(digest.papers) };
  },
};

/** The page itself, as HTML, with its list inside. */
export const dailyPapersPage: Format = {
  name: 'the page of Daily Papers (HTML)',
  recognises: isDailyPapersPage,
  parse(text, { source, date, referenceDay }) {
    const { items, day } = readPage(text, source);
    const listed = items.map(readListed);
    return listedDigest(listed, newestDay(listed) ?? day ?? date ?? referenceDay, source);
  },
};

/** The items of an answer of the API, which is a bare array. Throws InputError. */
export function readAnswer(text: string, source: string): readonly unknown[] {
  const answer = parseJson(text, source);
  if (Array.isArray(answer)) {
    checkCount(answer.length, source);
    return answer;
  }
  throw new InputError(`${source}: this is JSON, but no list of papers.`);
}

/** The digest of a list's items. Throws EmptyDigestError where there are none. */
export function listedDigest(
  listed: readonly (Listed | string)[],
  date: string,
  source: string,
): ParsedDigest {
  if (listed.length === 0) throw new EmptyDigestError(`${source}: it lists no papers.`);
  const items = listed.map(item => (typeof item === 'string' ? item : item.paper));
  return { date, curator, ...collectPapers(items, source) };
}

/** As the page's masthead says. */
const curator = 'AK and the research community';
