import { Hono } from 'hono';
import { canLeave, leaveByToken, undoByToken } from '../../readers/leave-link.ts';
import { readToken } from '../../readers/token.ts';
import { keepReason } from '../../store/leaving.ts';
import { readForm } from '../plumbing/form.ts';
import type { WebParts } from '../plumbing/pages.ts';

/** What the one question after leaving may be answered with. */
const reasons = ['too-many', 'not-for-me', 'did-not-ask', 'other'];

/**
 * Leaving (RFC 8058 §3.2): a GET asks, a POST acts, with no cookie and no redirect. There is one
 * answer for every token that we signed, so that it does not tell who is on the list; any other
 * unsubscribes nobody, and says so.
 */
export function leavingRoutes(parts: WebParts): Hono {
  const { db, pages, runtime, linkKeys } = parts;
  const web = new Hono();
  web.get('/unsubscribe/:token?', async context => {
    const text = context.req.param('token') ?? '';
    if (!(await canLeave(parts.reader, linkKeys, text))) return pages.show(context, 'link-broken');
    return pages.show(context, 'leave', { path: `/unsubscribe/${text}` });
  });
  web.post('/unsubscribe/:token?', async context => {
    const text = context.req.param('token') ?? '';
    const undo = await leaveByToken(db, linkKeys, text, runtime.now());
    if (undo === null) return pages.show(context, 'link-broken');
    return pages.show(context, 'left', { undoPath: `/undo/${undo}`, whyPath: `/why/${undo}` });
  });
  web.post('/undo/:token', async context => {
    const back = await undoByToken(db, linkKeys, context.req.param('token'), runtime.now());
    if (!back) return pages.show(context, 'link-over');
    parts.onDelivery();
    return pages.show(context, 'undone');
  });
  web.post('/why/:token', async context => {
    const { why } = await readForm(context.req.raw, { why: 20 });
    const token = readToken(context.req.param('token'), linkKeys);
    const known = token?.purpose === 'undo' && token.subscriberId !== 0;
    if (known && reasons.includes(why)) await keepReason(db, why, runtime.now());
    return pages.show(context, 'thanks');
  });
  return web;
}
