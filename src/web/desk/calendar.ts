import { Hono } from 'hono';
import { type CalendarRow, calendar } from '../../store/desk-reports.ts';
import { listSlots } from '../../store/slots.ts';
import { clock, shown } from './common.ts';
import type { DeskParts } from './parts.ts';

const rows = 60;

/** Past and coming editions, and the days that came to none. */
export function calendarRoutes(parts: DeskParts): Hono {
  const { reader, pages, timeZone } = parts;
  const web = new Hono();
  web.get('/calendar', async context => {
    const editions = await calendar(reader, rows);
    const slots = await listSlots(reader, rows);
    const next = await parts.nextDaily();
    const past = [
      ...editions
        .filter(({ status }) => status !== 'scheduled')
        .map(row => ({ sort: `${row.date} 1 ${row.id}`, ...viewEdition(row) })),
      ...slots
        .filter(({ editionId }) => editionId === null)
        .map(({ kind, date, reason, outcome }) => ({
          ...nothing,
          sort: `${date} 0`,
          date,
          kind,
          status: outcome,
          subject: reason ?? outcome,
        })),
    ].sort((a, b) => (a.sort < b.sort ? 1 : -1));
    return context.html(
      pages.page('calendar', {
        at: 'calendar',
        next: next === null ? null : clock(next, timeZone),
        coming: editions
          .filter(({ status }) => status === 'scheduled')
          .map(row => ({ ...viewEdition(row), when: clock(row.sendAt ?? 0, timeZone) })),
        past,
      }),
    );
  });
  return web;
}

const nothing = { id: null, sent: '', waiting: '', failed: '', skipped: '', missed: false };

function viewEdition({ id, date, kind, status, reason, subject, counts }: CalendarRow) {
  const { queued = 0, sending = 0, deferred = 0, sent = 0, failed = 0, skipped = 0 } = counts;
  return {
    id,
    date,
    kind,
    status: status === 'paused' && reason ? `paused: ${reason}` : status,
    subject,
    sent: shown(sent),
    waiting: shown(queued + sending + deferred),
    failed: shown(failed),
    skipped: shown(skipped),
    missed: failed > 0,
  };
}
