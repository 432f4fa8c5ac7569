import { Hono } from 'hono';
import { type CalendarRow, calendar } from '../../store/editions.ts';
import { countDeliveries, type DeliveryCounts, openOf } from '../../store/reports.ts';
import { listSlots } from '../../store/slots.ts';
import { clock, type DeskParts, shown } from './parts.ts';

const rows = 60;

/** Past and coming editions, and the days that came to none. */
export function calendarRoutes(parts: DeskParts): Hono {
  const { reader, pages, timeZone } = parts;
  const web = new Hono();
  const counts = createCounts(parts);
  web.get('/calendar', async context => {
    const editions = await counts(await calendar(reader, rows));
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

type Counted = CalendarRow & { readonly counts: DeliveryCounts };

/**
 * What came of editions: of one with 100,000 readers that is 20 ms of counting, so that it is done
 * one by one, and once for those that have ended. (One that goes on again ends anew.)
 */
function createCounts({ reader, runtime }: Pick<DeskParts, 'reader' | 'runtime'>) {
  let known = new Map<string, DeliveryCounts>();
  return async (editions: readonly CalendarRow[]): Promise<readonly Counted[]> => {
    const ended = new Map<string, DeliveryCounts>();
    const counted: Counted[] = [];
    for (const row of editions) {
      const key = `${row.id} ${row.status} ${row.finishedAt}`;
      const counts = known.get(key) ?? (await countDeliveries(reader, row.id));
      if (row.status === 'sent') ended.set(key, counts);
      counted.push({ ...row, counts });
      if (!known.has(key)) await runtime.wait(0);
    }
    known = ended;
    return counted;
  };
}

function viewEdition({ id, date, kind, status, reason, subject, counts }: Counted) {
  const { sent, failed, skipped } = counts;
  return {
    id,
    date,
    kind,
    status: status === 'paused' && reason ? `paused: ${reason}` : status,
    subject,
    sent: shown(sent),
    waiting: shown(openOf(counts)),
    failed: shown(failed),
    skipped: shown(skipped),
    missed: failed > 0,
  };
}
