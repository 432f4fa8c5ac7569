import { z } from 'zod';
import type { Day } from '../../lib/day.ts';
import type { Paper } from '../digest.ts';
import { dayOf } from '../feed/entry.ts';
import { makePaper } from '../paper.ts';
import { arxivId } from '../urls.ts';

/** Whatever a field holds, it costs nobody the paper. */
const text = z.string().nullish().catch(null);
const count = z.int().nonnegative().nullish().catch(null);
const author = z.object({ name: text, hidden: z.boolean().nullish().catch(null) });

/**
 * One item of the answer, as far as we use it. Only `id`, `title`, `summary`, `authors` and `upvotes`
 * are always there; `submittedOnDailyAt` is when it came on the list of a day.
 */
const schema = z.object({
  title: text,
  summary: text,
  paper: z.object({
    id: text,
    title: text,
    summary: text,
    ai_summary: text,
    authors: z
      .array(author.catch({ name: null, hidden: null }))
      .nullish()
      .catch(null),
    publishedAt: text,
    submittedOnDailyAt: text,
    upvotes: count,
    githubRepo: text,
  }),
});

/** A paper of the list, and the day on whose list it is, where it says so. */
export type Listed = { readonly paper: Paper; readonly day: Day | null };

/**
 * Reads one item of `GET https://huggingface.co/api/daily_papers`
 * (https://huggingface.co/docs/hub/api); a string says why it is none.
 */
export function readListed(item: unknown): Listed | string {
  if (typeof item === 'string') return 'it is text, not an object: the list was damaged on its way';
  const read = schema.safeParse(item);
  if (!read.success) return 'it has no field "paper"';
  const { paper, ...around } = read.data;
  const title = paper.title || around.title;
  const abstract = paper.summary || around.summary || paper.ai_summary;
  if (!title?.trim()) return 'it has no title';
  if (!abstract?.trim()) return 'it has no summary';
  const id = paper.id && arxivId(paper.id);
  const made = makePaper({
    title,
    abstract,
    tldr: paper.ai_summary,
    arxivId: id,
    url: pageOf(paper.id ?? ''),
    codeUrl: paper.githubRepo,
    authors: (paper.authors ?? []).flatMap(({ name, hidden }) => (name && !hidden ? [name] : [])),
    authorCount: paper.authors?.length || null,
    upvotes: paper.upvotes,
    publishedOn: dayOf(paper.publishedAt ?? ''),
  });
  if (made.title === '' || made.abstract === '') return 'there is nothing to read in it';
  return { paper: made, day: dayOf(paper.submittedOnDailyAt ?? '') };
}

function pageOf(id: string): string | null {
  return /^[\w./-]+$/.test(id) ? `https://huggingface.co/papers/${id}` : null;
}

/** The newest day up to `last` that the list's papers were put on it; null where none says. */
export function newestDay(items: readonly (Listed | string)[], last = '9999-12-31'): Day | null {
  const days = items.flatMap(item => (typeof item === 'string' || !item.day ? [] : [item.day]));
  return (
    days
      .filter(day => day <= last)
      .sort()
      .at(-1) ?? null
  );
}

/** Most upvotes first, as the site orders a day; of as many, in the list's order. */
export function byUpvotes(papers: readonly Paper[]): Paper[] {
  return [...papers].sort((a, b) => (b.upvotes ?? -1) - (a.upvotes ?? -1));
}
