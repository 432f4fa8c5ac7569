import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { sql } from 'kysely';
import type { Digest, Paper } from '../digest/digest.ts';
import type { EditionKind } from '../edition/edition.ts';
import {
  type Identity,
  type PaperIndex,
  paperIndex,
  type SeenPaper,
} from '../edition/paper-history.ts';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { like } from './sqlite.ts';

/** What a source's server answered, unpacked. Times are UTC ms. */
export type Answer = Omit<Readonly<Schema['answers']>, 'bodyHash' | 'body'> & {
  readonly body: Uint8Array;
};

/** How long answers, and what was read in them, are kept: milliseconds. */
const keptFor = 30 * 86_400_000;

/** Keeps a source's answer, compressed; the same answer again only moves its time on. */
export async function keepAnswer(db: Database, answer: Answer): Promise<void> {
  const { url, fetchedAt, status, contentType } = answer;
  const bodyHash = createHash('sha256').update(answer.body).digest('hex');
  // The driver takes no bytes.
  const body = (await promisify(gzip)(answer.body)).toString('base64');
  await db
    .insertInto('answers')
    .values({ url, bodyHash, fetchedAt, status, contentType, body })
    .onConflict(conflict =>
      conflict.columns(['url', 'bodyHash']).doUpdateSet({ fetchedAt, status }),
    )
    .execute();
}

/** Deletes what was seen more than 30 days before `now` (UTC ms) and not again since. */
export async function forgetOldDigests(db: Database, now: number): Promise<void> {
  await sql`delete from answers where fetched_at < ${now - keptFor}`.execute(db);
  await sql`delete from papers_seen where seen_at < ${now - keptFor}`.execute(db);
}

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
    .selectFrom('papersSeen')
    .select(['date', 'paper'])
    .where('date', '>=', from)
    .where('date', '<=', to)
    .orderBy('date', 'desc')
    .orderBy('position')
    .execute();
  return rows.map(row => ({ day: row.date, paper: JSON.parse(row.paper) }));
}

/** Which editions had a paper, by their dates; a paper's first edition counts. */
export type CarriedOn = {
  readonly picked: PaperIndex<Day>;
  /** Below the picks, by title alone. */
  readonly listed: PaperIndex<Day>;
};

type CarriedRow = Identity & { readonly date: Day };

const isLive = sql`editions.status <> 'cancelled'`;

/**
 * What editions of this kind had, those dated from `from` and before `before` that were not
 * cancelled. What a mail's size left no room for is not among the picks.
 */
export async function carriedOn(
  db: Database,
  kind: EditionKind,
  { from, before }: { readonly from: Day; readonly before: Day },
): Promise<CarriedOn> {
  const these = sql`kind = ${kind} and date >= ${from} and date < ${before} and ${isLive}`;
  const picked = await sql<CarriedRow>`
    select editions.date, picks.arxiv_id, picks.title_key
    from editions join picks on picks.edition_id = editions.id
    where ${these} order by editions.date`.execute(db);
  const listed = await sql<CarriedRow>`
    select editions.date, also.value ->> '$.arxivId' as arxiv_id,
      also.value ->> '$.titleKey' as title_key
    from editions, json_each(editions.content, '$.also') as also
    where ${these} order by editions.date`.execute(db);
  return { picked: indexed(picked.rows), listed: indexed(listed.rows) };
}

function indexed(rows: readonly CarriedRow[]): PaperIndex<Day> {
  return paperIndex(rows.map(row => [row, row.date] as const));
}

/** The day of the digest of the first edition of this kind; null where there is none. */
export async function firstDigestDay(db: Database, kind: EditionKind): Promise<Day | null> {
  const { rows } = await sql<{ day: Day }>`
    select content ->> '$.digestDate' as day from editions
    where kind = ${kind} and ${isLive} order by date limit 1`.execute(db);
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
    select 1 from editions where kind = ${kind} and date < ${before} and ${isLive}
      and content ->> '$.digestDate' >= ${day} limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * Which of these papers editions of this kind and another date picked, also a later one, which may
 * be scheduled already; by paper, with the date of the first.
 */
export async function carriedPapers(
  db: Database,
  kind: EditionKind,
  date: Day,
  papers: readonly Paper[],
): Promise<PaperIndex<Day>> {
  const { rows } = await sql<CarriedRow>`
    select editions.date, picks.arxiv_id, picks.title_key from picks
    join editions on editions.id = picks.edition_id
    where editions.kind = ${kind} and editions.date <> ${date} and ${isLive} and ${isOneOf(papers)}
    order by editions.date`.execute(db);
  return indexed(rows);
}

/** Whether a row of `picks` is one of these papers, as a condition. */
function isOneOf(papers: readonly Identity[]) {
  const titles = JSON.stringify(papers.map(({ titleKey }) => titleKey));
  const ids = JSON.stringify(papers.flatMap(({ arxivId }) => arxivId ?? []));
  return sql`(picks.title_key in (select value from json_each(${titles}))
    or picks.arxiv_id in (select value from json_each(${ids})))`;
}

/**
 * How many readers got, or are about to get, more than half of these papers on `date` through an
 * edition other than `except` (an id; null for none).
 */
export async function countReadersOf(
  db: Database,
  papers: readonly Identity[],
  { date, except }: { readonly date: Day; readonly except: number | null },
): Promise<number> {
  const { rows } = await sql<{ readers: number }>`
    select count(distinct subscriber_id) as readers from deliveries
    where state in ('queued', 'sending', 'sent', 'deferred') and edition_id in
      (select editions.id from editions join picks on picks.edition_id = editions.id
        where editions.date = ${date} and ${isLive} and editions.id <> ${except ?? 0}
          and ${isOneOf(papers)}
        group by editions.id having count(*) * 2 > ${papers.length})`.execute(db);
  return rows[0]?.readers ?? 0;
}

/** Papers that were seen or picked before and have all these words in title or abstract; newest first. */
export async function searchPapers(
  db: Database,
  words: readonly string[],
  limit: number,
): Promise<readonly Paper[]> {
  if (words.length === 0) return [];
  const matches = words.map(
    word =>
      sql`(paper ->> 'title') || ' ' || (paper ->> 'abstract') like ${like(word)} escape '\\'`,
  );
  const { rows } = await sql<{ paper: string }>`
    select paper from (
      select title_key, paper, date from papers_seen
      union all
      select title_key, paper, date from picks join editions on editions.id = edition_id)
    where ${sql.join(matches, sql` and `)}
    group by title_key order by max(date) desc limit ${limit}`.execute(db);
  return rows.map(row => JSON.parse(row.paper));
}
