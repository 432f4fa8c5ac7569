import { type Context, Hono } from 'hono';
import { requestOf } from '../../delivery/drafts.ts';
import { choose } from '../../delivery/prepare.ts';
import { longDay } from '../../lib/day.ts';
import { InputError } from '../../lib/errors.ts';
import { type Draft, type DraftContent, saveDraft } from '../../store/desk.ts';
import { readFields } from '../plumbing/form.ts';
import { draftIn, timeOf, today } from './common.ts';
import { readDraftForm } from './draft-form.ts';
import { viewCandidates } from './draft-view.ts';
import type { DeskParts } from './parts.ts';

/** A draft: its papers and words, saved as one goes. */
export function draftRoutes(parts: DeskParts): Hono {
  const { db, runtime, pages } = parts;
  const web = new Hono();
  web.get('/drafts/:id', async context => {
    const draft = await draftIn(parts, context);
    if (!draft) return context.notFound();
    return context.html(pages.page('draft', await viewDraft(parts, draft)));
  });

  web.post('/drafts/:id', async context => {
    const draft = await draftIn(parts, context);
    if (!draft) return context.notFound();
    const fields = await readFields(context.req.raw);
    const version = Number(fields.texts.version);
    const { own } = await viewCandidates(parts, draft);
    const content = readDraftForm(draft.content, fields, own);
    // Before it is kept: what cannot be an edition is not saved.
    const words = await wordsOf(parts, content);
    const saved = await saveDraft(db, { id: draft.id, version }, content, runtime.now());
    if (saved === null) return refuseOld(parts, context, draft.id);
    if (wantsJson(context)) return context.json({ version: saved, ...words });
    return context.redirect(`/desk/drafts/${draft.id}#papers`, 303);
  });
  return web;
}

const wantsJson = (context: Context) => context.req.header('accept') === 'application/json';

function refuseOld({ pages }: DeskParts, context: Context, id: number): Response {
  const problem =
    'This draft was changed in another tab or by somebody else, and what you typed here was not saved.';
  if (wantsJson(context)) return context.json({ problem, old: true }, 409);
  return context.html(pages.page('problem', { problem, back: `/desk/drafts/${id}` }), 409);
}

/** The subject and preheader that the edition has, those made for it included. */
async function wordsOf(parts: DeskParts, content: DraftContent) {
  const composed = await choose(parts.publishing, requestOf(content, timeOf(parts)));
  if (composed.edition === null) return { subject: '', preheader: '', picks: 0 };
  const { subject, preheader, picks } = composed.edition;
  return { subject, preheader, picks: picks.length };
}

async function viewDraft(parts: DeskParts, draft: Draft) {
  const { content, id, version, editionId, editionVersion } = draft;
  const { edits, source, kind, digest } = content;
  const { papers } = await viewCandidates(parts, draft);
  const words = await wordsOf(parts, content).catch(error => {
    if (error instanceof InputError) return { subject: '', preheader: '', picks: 0 };
    throw error;
  });
  return {
    at: 'today',
    id,
    version,
    source,
    day: longDay(today(parts)),
    digestDay: longDay(digest.date),
    papers,
    picked: words.picks,
    subject: edits.subject ?? '',
    preheader: edits.preheader ?? '',
    intro: edits.intro ?? '',
    automatic: words,
    daily: kind === 'daily',
    public: content.public,
    tester: parts.tester,
    sent: editionId !== null && editionVersion === version ? editionId : null,
  };
}
