import { sql } from 'kysely';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';

type Papers = readonly { readonly titleKey: string; readonly arxivId: string | null }[];

/**
 * How many readers got, or are about to get, more than half of these papers on `date` through an
 * edition other than `except` (an id; null for none).
 */
export async function countReadersOf(
  db: Database,
  papers: Papers,
  { date, except }: { readonly date: Day; readonly except: number | null },
): Promise<number> {
  const titles = JSON.stringify(papers.map(({ titleKey }) => titleKey));
  const ids = JSON.stringify(papers.flatMap(({ arxivId }) => arxivId ?? []));
  const { rows } = await sql<{ readers: number }>`
    select count(distinct subscriber_id) as readers from deliveries
    where state in ('queued', 'sending', 'sent', 'deferred') and edition_id in
      (select editions.id from editions join picks on picks.edition_id = editions.id
        where editions.date = ${date} and editions.status <> 'cancelled'
          and editions.id <> ${except ?? 0}
          and (title_key in (select value from json_each(${titles}))
            or arxiv_id in (select value from json_each(${ids})))
        group by editions.id having count(*) * 2 > ${papers.length})`.execute(db);
  return rows[0]?.readers ?? 0;
}
