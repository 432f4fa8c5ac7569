import { type Context, Hono } from 'hono';
import { requestOf } from '../../delivery/drafts.ts';
import { type NothingNew, type Prepared, prepare } from '../../delivery/prepare.ts';
import { sendTest } from '../../delivery/test-send.ts';
import { InputError, messageOf } from '../../lib/errors.ts';
import { fillSlots } from '../../mail/render/rendered.ts';
import { readAddress } from '../../readers/list.ts';
import type { Draft } from '../../store/desk.ts';
import { readFields } from '../plumbing/form.ts';
import { draftIn, timeOf, today } from './common.ts';
import type { DeskParts } from './parts.ts';

/** A mail is an untrusted page: no script, no form, nothing from elsewhere, and only in our frames. */
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/** Stands for a reader's token: leads to no one. */
const token = 'preview-preview-preview-preview-preview-pr';

/** The mail that a draft comes to, to look at, and to have sent to oneself. */
export function previewRoutes(parts: DeskParts): Hono {
  const { pages, publishing } = parts;
  const web = new Hono();
  const rendered = lastOnly<Prepared | NothingNew>();
  const prepareDraft = (draft: Draft) =>
    rendered(`${draft.id} ${draft.version} ${today(parts)}`, () =>
      prepare(publishing, requestOf(draft.content, timeOf(parts))),
    );
  const show = async (context: Context, part: 'html' | 'text') => {
    const draft = await draftIn(parts, context);
    if (!draft) return context.notFound();
    const text = await prepareDraft(draft).then(
      prepared =>
        prepared.edition === null
          ? prepared.reason
          : fillSlots(prepared.rendered[part], prepared.rendered.slots, {
              unsubscribe: token,
              preferences: token,
            }),
      error => {
        if (error instanceof InputError) return messageOf(error);
        throw error;
      },
    );
    context.header('content-security-policy', mailPolicy);
    if (part === 'text' || !/^\s*<!doctype/i.test(text)) return context.text(text);
    return context.html(linked(text, context.req.query('to')));
  };
  web.get('/drafts/:id/preview', context => show(context, 'html'));
  web.get('/drafts/:id/preview.txt', context => show(context, 'text'));

  web.post('/drafts/:id/test', async context => {
    const draft = await draftIn(parts, context);
    if (!draft) return context.notFound();
    const { address } = readAddress((await readFields(context.req.raw)).texts.address ?? '');
    const prepared = await prepareDraft(draft);
    if (prepared.edition === null) throw new InputError(prepared.reason);
    const refused = await sendTest(publishing, prepared, address, parts.connect);
    if (refused) throw new InputError(`The test was not sent: ${refused}`);
    const done = `A test was sent to ${address}.`;
    if (context.req.header('accept') === 'application/json') return context.json({ done });
    return context.html(pages.page('done', { done, back: `/desk/drafts/${draft.id}` }));
  });
  return web;
}

/** Links open beside the desk, and the frame can be scrolled to the paper that `to` leads to. */
function linked(html: string, to: string | undefined): string {
  const based = html.replace(/<head[^>]*>/i, '$&<base target="_blank">');
  if (!to) return based;
  const href = `<a href="${to.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"`;
  const at = based.indexOf(href);
  return at === -1 ? based : `${based.slice(0, at)}<span id="here"></span>${based.slice(at)}`;
}

/** Makes a thing once as long as it is asked for by the same key; only the last is kept. */
function lastOnly<T>() {
  let last: { readonly key: string; readonly made: Promise<T> } | null = null;
  return (key: string, make: () => Promise<T>): Promise<T> => {
    if (last?.key === key) return last.made;
    const made = make();
    last = { key, made };
    made.catch(() => {
      if (last?.made === made) last = null;
    });
    return made;
  };
}
