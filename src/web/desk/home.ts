import { type Context, Hono } from 'hono';
import type { Digest, Paper } from '../../digest/digest.ts';
import { parseDigest } from '../../digest/parse.ts';
import { longDay } from '../../lib/day.ts';
import { InputError } from '../../lib/errors.ts';
import { splitSources, urlOf } from '../../sources/names.ts';
import { createDraft, type Draft, deleteDraft, listDrafts } from '../../store/desk.ts';
import { searchPapers } from '../../store/papers.ts';
import { type Fields, readFields } from '../plumbing/form.ts';
import { clock, count, type DeskParts, numberIn, shown, today } from './parts.ts';

const draftsShown = 12;
const mostFound = 60;
const mostWords = 8;
/** Nobody reads through more, and choosing among 14,000 holds everything up for half a minute. */
const mostPapers = 2_000;

/** Where an edition begins: today's papers, drafts, and papers from anywhere. */
export function homeRoutes(parts: DeskParts): Hono {
  const { db, reader, runtime, pages } = parts;
  const web = new Hono();
  web.get('/', async context => {
    const drafts = await listDrafts(reader, draftsShown);
    const search = (context.req.query('q') ?? '').slice(0, 200).trim();
    const found = search ? await searchPapers(reader, wordsOf(search), mostFound) : [];
    return context.html(
      pages.page('home', {
        at: 'today',
        day: longDay(today(parts)),
        drafts: drafts.map(draft => viewDraft(parts, draft)),
        search,
        found: found.map(({ titleKey: key, title, publishedOn }) => ({ key, title, publishedOn })),
        nothing: search !== '' && found.length === 0,
      }),
    );
  });
  web.post('/drafts', async context => {
    const { digest, source, kind } = await startFrom(parts, await readFields(context.req.raw));
    const content = { kind, source, digest, papers: parts.papers, edits: {}, public: false };
    const id = await createDraft(db, content, runtime.now());
    return context.redirect(`/desk/drafts/${id}`, 303);
  });
  web.post('/drafts/:id/delete', async (context: Context) => {
    await deleteDraft(db, numberIn(context));
    return context.redirect('/desk', 303);
  });
  return web;
}

type Start = {
  readonly digest: Digest;
  readonly source: string;
  readonly kind: 'manual' | 'daily';
};

/** The papers that a form names. Throws an InputError. */
async function startFrom(parts: DeskParts, fields: Fields): Promise<Start> {
  const { texts } = fields;
  const referenceDay = today(parts);
  const manual = { kind: 'manual' } as const;
  const parse = (input: string | Uint8Array, source: string): Start => {
    const digest = parseDigest(input, { referenceDay, source });
    return { ...manual, digest: bare(digest), source };
  };
  switch (texts.from) {
    case 'today': {
      const digest = await parts.load(undefined, referenceDay);
      return { kind: 'daily', digest: bare(digest), source: 'today’s papers' };
    }
    case 'paste':
      return parse(texts.text ?? '', 'the pasted text');
    case 'file': {
      const file = await fields.file('file');
      if (!file) throw new InputError('No file was chosen.');
      return parse(file.bytes, file.name.slice(0, 100));
    }
    case 'url': {
      const url = (texts.url ?? '').trim();
      const sources = splitSources(url);
      // A path would read this machine's files.
      if (sources.length === 0 || sources.some(source => urlOf(source) === null)) {
        throw new InputError(`“${url.slice(0, 100)}” is no address: it begins with https://`);
      }
      return { ...manual, digest: bare(await parts.load(url, referenceDay)), source: url };
    }
    case 'search': {
      const search = texts.q ?? '';
      const found = await searchPapers(parts.reader, wordsOf(search), mostFound);
      const papers: readonly Paper[] = fields
        .all('paper')
        .flatMap(key => found.find(({ titleKey }) => titleKey === key) ?? []);
      if (papers.length === 0) throw new InputError('No paper was chosen.');
      const digest = { date: referenceDay, curator: null, papers };
      return { ...manual, digest, source: `a search for “${search}”` };
    }
    default:
      throw new InputError('It is not said where the papers come from.');
  }
}

/** The digest without what was said on the way to it. Throws an InputError where it is too long. */
function bare({ date, curator, papers }: Digest): Digest {
  if (papers.length > mostPapers) {
    throw new InputError(
      `There are ${shown(papers.length)} papers in it, and an edition is made of at most ${shown(mostPapers)}. Leave some out.`,
    );
  }
  return { date, curator, papers };
}

function wordsOf(search: string): readonly string[] {
  return [...new Set(search.slice(0, 200).split(/\s+/).filter(Boolean))].slice(0, mostWords);
}

function viewDraft({ timeZone }: DeskParts, { id, content, changedAt, editionId }: Draft) {
  const { digest, source, edits } = content;
  return {
    id,
    title: edits.subject || digest.papers[0]?.title || source,
    about: `${count(digest.papers.length, 'paper')} from ${source}, ${clock(changedAt, timeZone)}`,
    editionId,
  };
}
