import { sql } from 'kysely';
import type { Digest } from '../digest/digest.ts';
import type { SeenPaper } from '../edition/late.ts';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';

/**
 * Keeps what was seen of a day's list, `now` in UTC ms: papers that are new on it are added, of the
 * others the newest numbers are kept. What is no longer on the list stays.
 */
export async function recordSeen(
  db: Database,
  { date, papers }: Digest,
  now: number,
): Promise<void> {
  const rows = papers.map((paper, at) => ({ ...paper, at, json: JSON.stringify(paper) }));
  // "where true": without it SQLite reads "on conflict" as the condition of a join.
  await sql`
    insert into papers_seen
      (date, title_key, arxiv_id, position, upvotes, paper, first_seen_at, seen_at)
    select ${date}, value ->> '$.titleKey', value ->> '$.arxivId', value ->> '$.at',
      value ->> '$.upvotes', value ->> '$.json', ${now}, ${now}
    from json_each(${JSON.stringify(rows)}) where true
    on conflict (date, title_key) do update set
      arxiv_id = excluded.arxiv_id, position = excluded.position, upvotes = excluded.upvotes,
      paper = excluded.paper, seen_at = excluded.seen_at`.execute(db);
}

/** What was seen of the source's days `from`–`to`, the newest day first, each in its list's order. */
export async function seenPapers(
  db: Database,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<SeenPaper[]> {
  const rows = await db
    .selectFrom('papers_seen')
    .select(['date', 'paper'])
    .where('date', '>=', from)
    .where('date', '<=', to)
    .orderBy('date', 'desc')
    .orderBy('position')
    .execute();
  return rows.map(row => ({ day: row.date, paper: JSON.parse(row.paper) }));
}
