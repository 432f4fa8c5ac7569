import { z } from 'zod';
import { isDay } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import { excerpt } from '../lib/text.ts';
import type { Paper } from './digest.ts';
import type { Format } from './format.ts';
import { makePaper, mergePapers } from './paper.ts';
import { arxivId, arxivIdOfUrl, webUrl } from './urls.ts';

const text = z.string().refine(value => value.trim() !== '', 'is empty');
const link = z.string().refine(url => webUrl(url) !== null, 'is no http or https address');
const count = z.int().nonnegative();

/**
 * One line: a paper as `paperround digest --json` writes each of its `papers`. Only `title` and
 * `abstract` must be there; fields we do not know are passed over.
 */
const schema = z.object({
  title: text,
  abstract: text,
  /** arXiv's, with or without version. */
  id: z
    .string()
    .refine(id => arxivId(id) !== null, 'is no arXiv id, like 2309.00071')
    .nullish(),
  tldr: z.string().nullish(),
  url: link.nullish(),
  pdfUrl: link.nullish(),
  codeUrl: link.nullish(),
  authors: z.array(text).optional(),
  authorCount: count.nullish(),
  upvotes: count.nullish(),
  publishedOn: z.string().refine(isDay, 'is no day, like 2025-09-03').nullish(),
});

/**
 * JSON Lines (https://jsonlines.org): a paper a line, blank lines between them or not. It says no day.
 *
 *     {"title": "…", "abstract": "…", "id": "2309.00071", "upvotes": 12, "authors": ["Ada Lovelace"]}
 */
export const jsonl: Format = {
  name: 'JSON Lines, a paper a line',
  recognises(content) {
    const first = content.trimStart().split('\n', 1)[0]?.trimEnd() ?? '';
    return first.startsWith('{') && first.endsWith('}') && /"(?:title|abstract)"\s*:/.test(first);
  },
  parse(content, { referenceDay, date = referenceDay, source }) {
    const papers = content.split('\n').flatMap((line, at) => {
      return line.trim() === '' ? [] : [readLine(line, `${source}:${at + 1}`)];
    });
    return { date, curator: null, papers: mergePapers(papers), problems: [] };
  },
};

function readLine(line: string, place: string): Paper {
  const read = schema.safeParse(parseLine(line, place));
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = issue?.path.join('.');
    throw new InputError(`${place}: ${field ? `"${field}" ` : ''}${wrong(issue?.message ?? '')}`);
  }
  const { id, url, ...rest } = read.data;
  const paper = makePaper({ ...rest, ...identity(id, url) });
  if (paper.title !== '' && paper.abstract !== '') return paper;
  throw new InputError(`${place}: there is nothing to read in this title or abstract.`);
}

function parseLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new InputError(`${place}: “${excerpt(line, 40)}” is not JSON. Each line is one paper.`, {
      cause: error,
    });
  }
}

/** Our own words go on from the field's name; the library's do not. */
function wrong(message: string): string {
  return message.startsWith('is ') ? `${message}.` : `cannot be used: ${message}.`;
}

function identity(id: string | null | undefined, url: string | null | undefined) {
  const known = id ? arxivId(id) : url ? arxivIdOfUrl(url) : null;
  return { arxivId: known, url: url ?? (known && `https://arxiv.org/abs/${known}`) };
}
