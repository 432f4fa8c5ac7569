import { type Context, Hono } from 'hono';
import { requestOf } from '../../delivery/drafts.ts';
import { choose, prepare, somethingNew } from '../../delivery/prepare.ts';
import { previewOf, sendTest } from '../../delivery/preview.ts';
import { summarise } from '../../edition/summarise.ts';
import { longDay } from '../../lib/day.ts';
import { InputError } from '../../lib/errors.ts';
import { type Draft, type DraftContent, saveDraft } from '../../store/desk.ts';
import { readFields } from '../plumbing/form.ts';
import { readDraftForm } from './draft-form.ts';
import { readView } from './frames.ts';
import { type DeskParts, draftIn, timeOf, today } from './parts.ts';
import { previewRoutes } from './preview.ts';
import { createPreviewSession } from './preview-session.ts';
import { isFramed, viewMail } from './preview-view.ts';

/** A draft: its papers and words, saved as one goes, and the mail that it comes to. */
export function draftRoutes(parts: DeskParts): Hono {
  const { db, runtime, pages, publishing } = parts;
  const session = createPreviewSession(runtime);
  const shownOf = (draft: Draft) =>
    session.show(`${draft.id}`, `${draft.version} ${today(parts)}`, async () => {
      const request = requestOf(draft.content, timeOf(parts));
      return previewOf(publishing, somethingNew(await prepare(publishing, request)));
    });
  const web = new Hono();
  web.get('/drafts/:id', async context => {
    const draft = await draftIn(parts, context);
    if (!draft) return context.notFound();
    const view = readView(context.req.query('view'));
    const base = `/desk/drafts/${draft.id}/`;
    const shown = isFramed(view) ? null : await shownOf(draft);
    const mail = viewMail({ base, query: queryOf(draft), view, sandbox: 'strict' }, shown);
    return context.html(pages.page('draft', { ...(await viewDraft(parts, draft)), mail }));
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

  const { from } = publishing.sender;
  const routes = previewRoutes({
    pages,
    path: '/preview',
    sandbox: 'strict',
    find: async context => {
      const draft = await draftIn(parts, context);
      return (
        draft && {
          shown: () => shownOf(draft),
          query: queryOf(draft),
          from: from.name ?? from.address,
          tester: parts.tester,
          page: { at: 'today', back: `/desk/drafts/${draft.id}`, version: '' },
        }
      );
    },
    test: (preview, address) => sendTest(publishing, preview, address, parts.connect),
  });
  web.route('/drafts/:id', routes);
  return web;
}

/** With its version in it, no browser shows an older mail. */
const queryOf = ({ version }: Draft) => ({ v: `${version}` });

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
    test: `/desk/drafts/${id}/test`,
    sent: editionId !== null && editionVersion === version ? editionId : null,
  };
}

const summaryChars = 320;

/** The candidates of a draft: first its picks in their order, then the others as the picker ranks them. */
async function viewCandidates(parts: DeskParts, { content }: Pick<Draft, 'content'>) {
  const { edits } = content;
  // What an editor wants may not be any more; what there is to pick from always is.
  const request = { ...requestOf(content, timeOf(parts)), edits: {} };
  const { candidates } = await choose(parts.publishing, request);
  const own = candidates.flatMap(({ outcome, paper }) =>
    outcome === 'picked' ? [paper.titleKey] : [],
  );
  const picks = edits.picks ?? own;
  const place = new Map(picks.map((key, at) => [key, at]));
  const papers = candidates
    .map(({ paper, outcome, rank, reason }, at) => {
      const { titleKey: key, title, url, abstract, tldr } = paper;
      const edit = edits.papers?.[key] ?? {};
      return {
        key,
        id: `paper-${at}`,
        title: edit.title || title,
        original: title,
        url,
        reason,
        rank,
        choice: outcome === 'picked',
        picked: place.has(key),
        order: place.get(key) ?? picks.length + at,
        automatic: summarise(abstract, summaryChars, tldr),
        ownTitle: edit.title ?? '',
        ownSummary: edit.summary ?? '',
        note: edit.note ?? '',
        edited: Boolean(edit.title || edit.summary || edit.note),
      };
    })
    .sort((a, b) => a.order - b.order);
  return { own, papers };
}
