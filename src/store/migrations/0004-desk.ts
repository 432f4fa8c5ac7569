import { type Kysely, sql } from 'kysely';

const statements = [
  // autoincrement: a tab that is still open never saves into somebody else's draft.
  `create table drafts (
    id integer primary key autoincrement,
    version integer not null,
    content text not null,
    edition_id integer references editions (id),
    edition_version integer,
    created_at integer not null,
    changed_at integer not null
  ) strict`,
  `create table sessions (
    id_hash text primary key,
    password_tag text not null,
    created_at integer not null,
    expires_at integer not null
  ) strict, without rowid`,
  'alter table editions add column send_at integer',
  'alter table editions add column public_when_sent integer not null default 0',
  `create index editions_scheduled on editions (send_at) where status = 'scheduled'`,
];

/** What the desk keeps: drafts, sessions, and editions that wait for their time. */
export async function desk(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
