import { Hono } from 'hono';
import { obstacleTo, requestOf, sendDraft, sentAs } from '../../delivery/drafts.ts';
import { prepare, somethingNew } from '../../delivery/prepare.ts';
import { longDay } from '../../lib/day.ts';
import { audienceReport, countAudience } from '../../store/audience.ts';
import { countDeliveries } from '../../store/reports.ts';
import { readFields } from '../plumbing/form.ts';
import { count, type DeskParts, draftIn, shown, timeOf } from './parts.ts';

/** Before an edition goes out: who gets it, and who does not. And the press of the button. */
export function sendRoutes(parts: DeskParts): Hono {
  const { db, runtime, pages, publishing } = parts;
  const web = new Hono();
  web.get('/drafts/:id/send', async context => {
    const draft = await draftIn(parts, context);
    if (!draft) return context.notFound();
    const sent = await sentAs(db, draft);
    if (sent !== null) return context.redirect(`/desk/editions/${sent}`, 303);
    const request = requestOf(draft.content, timeOf(parts));
    const prepared = somethingNew(await prepare(publishing, request));
    const { edition, rendered, existing } = prepared;
    const { gets, skipped } = await audienceReport(db, edition.kind, runtime.now());
    const missing = await countAudience(db, edition.kind, existing?.id ?? null, runtime.now());
    const had = existing ? (await countDeliveries(db, existing.id)).sent : 0;
    return context.html(
      pages.page('send', {
        at: 'today',
        id: draft.id,
        version: draft.version,
        subject: edition.subject,
        preheader: edition.preheader,
        date: longDay(edition.date),
        daily: edition.kind === 'daily',
        papers: count(edition.picks.length, 'paper'),
        size: `${Math.round(Buffer.byteLength(rendered.html) / 1000)} KB`,
        trimmed: rendered.trimmed,
        readers: count(missing, 'reader'),
        nobody: missing === 0,
        obstacle: obstacleTo(prepared, draft.editionId),
        gets: [
          { number: gets.daily, who: count(gets.daily, 'daily reader') },
          { number: gets.weekly, who: count(gets.weekly, 'weekly reader') },
        ].filter(({ number }) => number > 0),
        skipped: skipped.map(({ why, count }) => ({ why, count: shown(count) })),
        had: had > 0 ? count(had, 'reader') : null,
        editionId: existing?.id ?? null,
        timeZone: parts.timeZone,
      }),
    );
  });

  web.post('/drafts/:id/send', async context => {
    const draft = await draftIn(parts, context);
    if (!draft) return context.notFound();
    const { texts } = await readFields(context.req.raw);
    if (Number(texts.version) !== draft.version) {
      const problem = 'This draft was changed since you looked at it. Look at it once more.';
      return context.html(
        pages.page('problem', { problem, back: `/desk/drafts/${draft.id}` }),
        409,
      );
    }
    const sendAt = texts.when === 'later' ? parts.readTime(texts.at ?? '') : undefined;
    const sent = await sendDraft(publishing, draft, timeOf(parts, sendAt));
    parts.onDelivery();
    return context.redirect(`/desk/editions/${sent}`, 303);
  });
  return web;
}
