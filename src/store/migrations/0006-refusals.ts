import { type Kysely, sql } from 'kysely';

const statements = [
  'alter table editions add column resume_at integer',
  `create table holds (
    edition_id integer not null references editions (id),
    domain text not null,
    reply text not null,
    until integer not null,
    primary key (edition_id, domain)
  ) strict, without rowid`,
];

/** Until when an edition waits for a limit to end, and which domains refuse it. */
export async function refusals(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
