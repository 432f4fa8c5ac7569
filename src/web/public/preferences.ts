import { type Context, Hono } from 'hono';
import { showAddress } from '../../lib/address.ts';
import { addDays, type Day, isDay, localDay } from '../../lib/day.ts';
import { startOfDay } from '../../lib/zoned-time.ts';
import { leaveByToken } from '../../readers/leave-link.ts';
import { choose, readerOf, sendManageLink } from '../../readers/preferences.ts';
import type { Subscriber } from '../../store/subscribers.ts';
import { readForm } from '../plumbing/form.ts';
import type { WebParts } from '../plumbing/pages.ts';

/** How many days mails can be paused for. */
const longestPause = 365;

/** What a reader gets: the link is in every mail, so nothing here needs more than that. */
export function preferencesRoutes(parts: WebParts): Hono {
  const { pages, runtime, linkKeys, timeZone } = parts;
  const web = new Hono();

  const over = (context: Context) => pages.show(context, 'link-over');
  const show = (
    context: Context,
    reader: Subscriber,
    { done = null, problem = null }: PreferencesNews = {},
  ) => {
    const today = localDay(runtime.now(), timeZone);
    return pages.show(context, 'preferences', {
      path: `/preferences/${context.req.param('token')}`,
      maskedAddress: showAddress(reader.address, { masked: true }),
      weekly: reader.frequency === 'weekly',
      pausedUntil: pauseOf(reader),
      firstDay: addDays(today, 1),
      lastDay: addDays(today, longestPause),
      done,
      problem,
    });
  };
  const pauseOf = ({ pausedUntil }: Subscriber): Day | null =>
    pausedUntil !== null && pausedUntil > runtime.now() ? localDay(pausedUntil, timeZone) : null;

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
    return pages.show(context, 'left', { undoPath: `/undo/${undo}`, whyPath: `/why/${undo}` });
  });
  web.post('/preferences/:token/manage', async context => {
    await sendManageLink(parts, context.req.param('token'));
    parts.onNotice();
    return pages.show(context, 'link-sent');
  });
  return web;
}

/** What is said above the form: that something was done, or why not. */
type PreferencesNews = { readonly done?: string | null; readonly problem?: string | null };

function pauseProblem(pause: string, today: Day): string | null {
  if (!isDay(pause)) return 'That is no day. Please write it as 2025-09-20.';
  if (pause <= today) return 'Please choose a day that is still to come.';
  if (pause > addDays(today, longestPause)) return 'Please choose a day within a year.';
  return null;
}
