import { type Context, Hono } from 'hono';
import { addDays, type Day, isDay, localDay } from '../../lib/day.ts';
import { startOfDay } from '../../lib/zoned-time.ts';
import { leaveByToken } from '../../readers/leave-link.ts';
import { choose, readerOf, sendManageLink } from '../../readers/preferences.ts';
import type { Subscriber } from '../../store/subscribers.ts';
import { readForm } from '../plumbing/form.ts';
import type { WebParts } from '../plumbing/parts.ts';
import { showAddress } from '../plumbing/show-address.ts';

/** How many days mails can be paused for. */
const longestPause = 365;

/** What a reader gets: the link is in every mail, so nothing here needs more than that. */
export function preferencesPages(parts: WebParts): Hono {
  const { pages, runtime, linkKeys, timeZone } = parts;
  const web = new Hono();

  const show = (context: Context, reader: Subscriber, said: Said = {}) => {
    const today = localDay(runtime.now(), timeZone);
    const page = pages.preferences({
      path: `/preferences/${context.req.param('token')}`,
      maskedAddress: showAddress(reader.address, { masked: true }),
      frequency: reader.frequency,
      pausedUntil: pauseOf(reader),
      firstDay: addDays(today, 1),
      lastDay: addDays(today, longestPause),
      done: said.done ?? null,
      problem: said.problem ?? null,
    });
    return context.html(page, said.problem ? 422 : 200);
  };
  const pauseOf = ({ pausedUntil }: Subscriber): Day | null =>
    pausedUntil !== null && pausedUntil > runtime.now() ? localDay(pausedUntil, timeZone) : null;
  const over = (context: Context) => context.html(pages.linkOver(), 404);

  web.get('/preferences/:token', async context => {
    const from = { db: parts.reader, linkKeys };
    const reader = await readerOf(from, context.req.param('token'));
    return reader ? show(context, reader) : over(context);
  });
  web.post('/preferences/:token', async context => {
    const text = context.req.param('token');
    const { frequency, pause } = await readForm(context.req.raw, { frequency: 10, pause: 10 });
    const reader = await readerOf(parts, text);
    if (!reader) return over(context);
    if (frequency !== 'daily' && frequency !== 'weekly') {
      return show(context, reader, { problem: 'Please choose daily or weekly.' });
    }
    const problem = pause === '' ? null : pauseProblem(pause, localDay(runtime.now(), timeZone));
    if (problem) return show(context, reader, { problem });
    const pausedUntil = pause === '' ? null : startOfDay(pause, timeZone);
    const changed = await choose(parts, text, { frequency, pausedUntil });
    return changed ? show(context, changed, { done: 'Saved.' }) : over(context);
  });
  web.post('/preferences/:token/leave', async context => {
    const undo = await leaveByToken(parts.db, linkKeys, context.req.param('token'), runtime.now());
    if (undo === null) return over(context);
    return context.html(pages.left({ undoPath: `/undo/${undo}`, whyPath: `/why/${undo}` }));
  });
  web.post('/preferences/:token/manage', async context => {
    await sendManageLink(parts, context.req.param('token'));
    parts.onNotice();
    return context.html(pages.linkSent());
  });
  return web;
}

type Said = { readonly done?: string; readonly problem?: string };

function pauseProblem(pause: string, today: Day): string | null {
  if (!isDay(pause)) return 'That is no day. Please write it as 2025-09-20.';
  if (pause <= today) return 'Please choose a day that is still to come.';
  if (pause > addDays(today, longestPause)) return 'Please choose a day within a year.';
  return null;
}
