import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import {
  cancelEdition,
  pauseEdition,
  resendMissed,
  resumeEdition,
} from '../../delivery/edition-life.ts';
import type { StoredEdition } from '../../store/editions.ts';
import { heldBack } from '../../store/holds.ts';
import { commonReplies, countDeliveries, missingDeliveries } from '../../store/reports.ts';
import { clock, count, type DeskParts, editionIn, shown } from './parts.ts';

/** How often a page that is looked at hears how far an edition is, in ms. */
const tick = 500;
const mostMissing = 200;
/** What goes on by itself. */
const moving = ['scheduled', 'freezing', 'sending', 'paused'];

const acts = {
  pause: pauseEdition,
  resume: resumeEdition,
  cancel: cancelEdition,
  missed: resendMissed,
} as const;

/** One edition: how far it is, who does not have it and why, and what may be done about it. */
export function editionRoutes(parts: DeskParts): Hono {
  const { db, pages } = parts;
  const web = new Hono();
  web.get('/editions/:id', async context => {
    const edition = await editionIn(parts, context);
    if (!edition) return context.notFound();
    const missing = await missingDeliveries(db, edition.id, mostMissing);
    return context.html(
      pages.page('edition', {
        at: 'calendar',
        ...(await viewEdition(parts, edition)),
        preheader: edition.content.preheader,
        missing: missing.map(({ address, state, reply, attempts }) => ({
          address: address ?? '(forgotten)',
          state,
          reply: reply ?? '',
          tried: attempts > 0 ? `tried ${attempts}×` : '',
        })),
      }),
    );
  });

  web.get('/editions/:id/events', async context => {
    const first = await editionIn(parts, context);
    if (!first) return context.notFound();
    return streamSSE(context, async stream => {
      let said = '';
      let quiet = 0;
      while (!stream.aborted && !parts.signal.aborted) {
        const edition = await editionIn(parts, context);
        if (!edition) break;
        const view = await viewEdition(parts, edition);
        const data = JSON.stringify({
          status: view.status,
          live: pages.part('live', view),
          acts: pages.part('acts', view),
        });
        quiet += 1;
        // The server ends connections on which nothing is heard for long.
        if (data !== said || quiet * tick >= 10_000) {
          await stream.writeSSE({ data });
          said = data;
          quiet = 0;
        }
        if (!view.moving) break;
        await sleep(tick, undefined, { signal: parts.signal }).catch(() => 'ending');
      }
      await stream.writeSSE({ event: 'end', data: '' });
    });
  });

  web.post('/editions/:id/:act{pause|resume|cancel|missed}', async context => {
    const edition = await editionIn(parts, context);
    if (!edition) return context.notFound();
    await acts[context.req.param('act') as keyof typeof acts](parts, edition);
    parts.onDelivery();
    return context.redirect(`/desk/editions/${edition.id}`, 303);
  });
  return web;
}

async function viewEdition({ db, runtime, timeZone }: DeskParts, edition: StoredEdition) {
  const { id, kind, date, status, subject, reason, sendAt, resumeAt } = edition;
  const counts = await countDeliveries(db, id);
  const replies = await commonReplies(db, id, 5);
  const { queued, sending, deferred, sent, failed, skipped } = counts;
  const all = queued + sending + deferred + sent + failed + skipped;
  return {
    id,
    kind,
    date,
    status,
    subject,
    reason: reason ?? '',
    until: resumeAt === null ? '' : clock(resumeAt, timeZone),
    held: (await heldBack(db, id, runtime.now())).map(hold => ({
      ...hold,
      readers: count(hold.readers, 'reader'),
      until: clock(hold.until, timeZone),
    })),
    when: status === 'scheduled' && sendAt !== null ? clock(sendAt, timeZone) : null,
    all,
    done: sent + failed + skipped,
    numbers: Object.entries({ sent, waiting: queued + sending, deferred, failed, skipped }).map(
      ([state, number]) => ({ state, number: shown(number) }),
    ),
    replies: replies.map(({ reply, count }) => ({ reply: reply ?? 'not tried yet', count })),
    moving: moving.includes(status),
    canPause: status === 'sending',
    canResume: status === 'paused',
    canCancel: moving.includes(status),
    canResend: failed > 0 && ['sent', 'expired'].includes(status),
  };
}
