import { z } from 'zod';
import type { Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import { dayOf } from './day-text.ts';
import { EmptyDigestError, type LoadedDigest, type Paper } from './digest.ts';
import { checkCount, collectPapers, type Format, loose, parseJson } from './format.ts';
import { attributeIn } from './markup.ts';
import { makePaper } from './paper.ts';
import { arxivId } from './urls.ts';

/**
 * An answer of Hugging Face's Daily Papers API. Without `date` it comes in no order, so it is put
 * into that of a day's page.
 */
export const dailyPapers: Format = {
  name: "an answer of Hugging Face's Daily Papers API",
  recognises: text => /^\s*\[\s*(?:"?\{|\]\s*$)/.test(text),
  parse(text, { source, date, referenceDay }) {
    const items = readAnswer(text, source);
    const digest = listedDigest(items, newestDay(items) ?? date ?? referenceDay, source);
    return { ...digest, papers: byUpvotes(digest.papers) };
  },
};

/** The page itself, as HTML, with its list inside. */
export const dailyPapersPage: Format = {
  name: 'the page of Daily Papers (HTML)',
  recognises: isDailyPapersPage,
  parse(text, { source, date, referenceDay }) {
    const { items, day } = readPage(text, source);
    return listedDigest(items, newestDay(items) ?? day ?? date ?? referenceDay, source);
  },
};

/** An item of the list: its paper, or why it is none; and the day on whose list it is, where it says so. */
export type ListedItem = { readonly paper: Paper | string; readonly day: Day | null };

/** The items of an answer of the API, which is a bare array. Throws InputError. */
export function readAnswer(text: string, source: string): ListedItem[] {
  const answer = parseJson(text, source);
  if (!Array.isArray(answer)) {
    throw new InputError(`${source}: this is JSON, but no list of papers.`);
  }
  checkCount(answer.length, source);
  return answer.map(readItem);
}

const mark = { attribute: 'data-target', value: 'DailyPapers', wanted: 'data-props' } as const;

/** Whether `html` is the page https://huggingface.co/papers with its list in it. */
export function isDailyPapersPage(html: string): boolean {
  return html.includes(`data-target="${mark.value}"`) && /<\w/.test(html.slice(0, 2000));
}

const pageSchema = z.object({
  dailyPapers: z.array(z.unknown()),
  dateString: loose(z.string()),
});

/**
 * The items that the page brings along for its scripts, as JSON in an attribute, and the page's day
 * where it says one. They are written as the API writes them. Throws InputError.
 */
function readPage(html: string, source: string): { items: ListedItem[]; day: Day | null } {
  const json = attributeIn(html, mark);
  const props = json === null ? null : pageSchema.safeParse(parseJson(json, source)).data;
  if (!props) {
    throw new InputError(
      `${source}: this page of Daily Papers has no list in it that Paperround can read. ` +
        'Take its API instead: https://huggingface.co/api/daily_papers',
    );
  }
  checkCount(props.dailyPapers.length, source);
  return { items: props.dailyPapers.map(readItem), day: dayOf(props.dateString ?? '') };
}

const text = loose(z.string());
const author = z.object({ name: text, hidden: loose(z.boolean()) });

/**
 * One item of the answer, as far as we use it. Only `id`, `title`, `summary`, `authors` and `upvotes`
 * are always there; `submittedOnDailyAt` is when it came on the list of a day.
 */
const itemSchema = z.object({
  title: text,
  summary: text,
  paper: z.object({
    id: text,
    title: text,
    summary: text,
    ai_summary: text,
    authors: loose(z.array(author.catch({ name: null, hidden: null }))),
    publishedAt: text,
    submittedOnDailyAt: text,
    upvotes: loose(z.int().nonnegative()),
    githubRepo: text,
  }),
});

/** An item of `GET https://huggingface.co/api/daily_papers` (https://huggingface.co/docs/hub/api). */
function readItem(item: unknown): ListedItem {
  const none = (reason: string) => ({ paper: reason, day: null });
  if (typeof item === 'string') {
    return none('it is text, not an object: the list was damaged on its way');
  }
  const read = itemSchema.safeParse(item);
  if (!read.success) return none('it has no field "paper"');
  const { paper, ...around } = read.data;
  const title = paper.title || around.title;
  const abstract = paper.summary || around.summary || paper.ai_summary;
  if (!title?.trim()) return none('it has no title');
  if (!abstract?.trim()) return none('it has no summary');
  const made = makePaper({
    title,
    abstract,
    tldr: paper.ai_summary,
    arxivId: paper.id && arxivId(paper.id),
    url: /^[\w./-]+$/.test(paper.id ?? '') ? `https://huggingface.co/papers/${paper.id}` : null,
    codeUrl: paper.githubRepo,
    authors: (paper.authors ?? []).flatMap(({ name, hidden }) => (name && !hidden ? [name] : [])),
    authorCount: paper.authors?.length || null,
    upvotes: paper.upvotes,
    publishedOn: dayOf(paper.publishedAt ?? ''),
  });
  if (made.title === '' || made.abstract === '') return none('there is nothing to read in it');
  return { paper: made, day: dayOf(paper.submittedOnDailyAt ?? '') };
}

/** The newest day up to `last` that the list's papers were put on it; null where none says. */
export function newestDay(items: readonly ListedItem[], last = '9999-12-31'): Day | null {
  const days = items.flatMap(({ day }) => (day !== null && day <= last ? [day] : []));
  return days.sort().at(-1) ?? null;
}

/** Most upvotes first, as the site orders a day; of as many, in the list's order. */
export function byUpvotes(papers: readonly Paper[]): Paper[] {
  return [...papers].sort((a, b) => (b.upvotes ?? -1) - (a.upvotes ?? -1));
}

/** As the page's masthead says. */
const curator = 'AK and the research community';

/** The digest of a list's items. Throws EmptyDigestError where there are none. */
export function listedDigest(
  items: readonly ListedItem[],
  date: Day,
  source: string,
): LoadedDigest {
  if (items.length === 0) throw new EmptyDigestError(`${source}: it lists no papers.`);
  const papers = items.map(({ paper }) => paper);
  return { date, curator, ...collectPapers(papers, source) };
}
