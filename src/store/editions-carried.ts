import { sql } from 'kysely';
import type { EditionKind } from '../edition/edition.ts';
import { type PaperIndex, paperIndex } from '../edition/paper-index.ts';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';

/** Which editions had a paper, by their dates; a paper's first edition counts. */
export type CarriedOn = {
  readonly picked: PaperIndex<Day>;
  /** Below the picks, by title alone. */
  readonly listed: PaperIndex<Day>;
};

type Row = { date: Day; arxiv_id: string | null; title_key: string };

/**
 * What editions of this kind had, those dated from `from` and before `before` that were not
 * cancelled. What a mail's size left no room for is not among the picks.
 */
export async function carriedOn(
  db: Database,
  kind: EditionKind,
  { from, before }: { readonly from: Day; readonly before: Day },
): Promise<CarriedOn> {
  const these = sql`kind = ${kind} and date >= ${from} and date < ${before} and status <> 'cancelled'`;
  const picked = await sql<Row>`
    select editions.date, picks.arxiv_id, picks.title_key
    from editions join picks on picks.edition_id = editions.id
    where ${these} order by editions.date`.execute(db);
  const listed = await sql<Row>`
    select editions.date, also.value ->> '$.arxivId' as arxiv_id,
      also.value ->> '$.titleKey' as title_key
    from editions, json_each(editions.content, '$.also') as also
    where ${these} order by editions.date`.execute(db);
  return { picked: indexed(picked.rows), listed: indexed(listed.rows) };
}

function indexed(rows: readonly Row[]): PaperIndex<Day> {
  return paperIndex(
    rows.map(row => [{ arxivId: row.arxiv_id, titleKey: row.title_key }, row.date] as const),
  );
}

/** The day of the digest of the first edition of this kind; null where there is none. */
export async function firstDigestDay(db: Database, kind: EditionKind): Promise<Day | null> {
  const { rows } = await sql<{ day: Day }>`
    select content ->> '$.digestDate' as day from editions
    where kind = ${kind} and status <> 'cancelled' order by date limit 1`.execute(db);
  return rows[0]?.day ?? null;
}

/** Whether an edition of this kind dated before `before` was made of the list of `day`, or a newer. */
export async function wasServed(
  db: Database,
  kind: EditionKind,
  day: Day,
  before: Day,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from editions where kind = ${kind} and date < ${before} and status <> 'cancelled'
      and content ->> '$.digestDate' >= ${day} limit 1`.execute(db);
  return rows.length > 0;
}
