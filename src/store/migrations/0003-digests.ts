import { type Kysely, sql } from 'kysely';

const statements = [
  // What sources answered, so that an edition can be made again from what was known.
  `create table answers (
    url text not null,
    body_hash text not null,
    fetched_at integer not null,
    status integer not null,
    content_type text,
    body text not null,
    primary key (url, body_hash)
  ) strict`,
  'create index answers_by_time on answers (fetched_at)',
  // What was read of each day's list, whenever: what came too late for its edition is found here.
  `create table papers_seen (
    date text not null,
    title_key text not null,
    arxiv_id text,
    position integer not null,
    upvotes integer,
    paper text not null,
    first_seen_at integer not null,
    seen_at integer not null,
    primary key (date, title_key)
  ) strict`,
  'create index papers_seen_by_time on papers_seen (seen_at)',
];

/** What was seen of the sources. */
export async function digests(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
