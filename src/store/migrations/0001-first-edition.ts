import { type Kysely, sql } from 'kysely';

const statements = [
  'create table settings (name text primary key, value text not null) strict',
  `create table link_keys (id integer primary key, key text not null, created_at integer not null,
    retired_at integer) strict`,
  // autoincrement: a number is never given again, or a forgotten reader's old link would name
  // somebody else.
  `create table subscribers (
    id integer primary key autoincrement,
    address text not null,
    address_key text not null unique,
    address_hash text not null,
    name text,
    status text not null
      check (status in ('pending', 'active', 'unsubscribed', 'bounced', 'complained', 'guest')),
    frequency text not null check (frequency in ('daily', 'weekly')),
    token_counter integer not null default 0,
    paused_until integer,
    source text not null,
    created_at integer not null,
    changed_at integer not null
  ) strict`,
  'create index subscribers_by_hash on subscribers (address_hash)',
  `create table suppressions (
    address_hash text primary key,
    reason text not null
      check (reason in ('left', 'forgotten', 'complained', 'bounced', 'editor')),
    created_at integer not null
  ) strict`,
  `create table editions (
    id integer primary key,
    kind text not null check (kind in ('daily', 'weekly', 'manual')),
    date text not null,
    key text not null,
    status text not null,
    paused_by text,
    reason text,
    audience text not null,
    public integer not null,
    subject text not null,
    content text not null,
    wire text not null,
    link_key integer not null references link_keys (id),
    frozen_max_id integer not null default 0,
    frozen_to_id integer not null default 0,
    created_at integer not null,
    finished_at integer,
    expires_at integer not null
  ) strict`,
  // "Only once" is this key: one daily and one weekly a day, one manual edition of each content.
  `create unique index editions_once on editions (kind, date, key) where status <> 'cancelled'`,
  `create index editions_open on editions (id) where status in ('freezing', 'sending', 'paused')`,
  `create table picks (
    edition_id integer not null references editions (id),
    position integer not null,
    arxiv_id text,
    title_key text not null,
    paper text not null,
    primary key (edition_id, position)
  ) strict, without rowid`,
  'create index picks_by_title on picks (title_key)',
  'create index picks_by_arxiv on picks (arxiv_id)',
  `create table deliveries (
    edition_id integer not null references editions (id),
    subscriber_id integer not null,
    state text not null
      check (state in ('queued', 'sending', 'sent', 'deferred', 'failed', 'skipped')),
    due_at integer not null,
    attempts integer not null default 0,
    lost integer not null default 0,
    claimed_by text,
    code integer,
    enhanced text,
    reply text,
    sent_at integer,
    primary key (edition_id, subscriber_id)
  ) strict, without rowid`,
  `create index deliveries_due on deliveries (edition_id, due_at)
    where state in ('queued', 'deferred')`,
  `create index deliveries_claimed on deliveries (edition_id, claimed_by) where state = 'sending'`,
  `create table workers (id text primary key, started_at integer not null,
    lease_until integer not null) strict`,
  // One row a message begun, kept as long as the longest window of SEND_RATE.
  'create table permits (at integer not null) strict',
  'create index permits_by_time on permits (at)',
  `create table slots (
    kind text not null,
    date text not null,
    outcome text not null,
    reason text,
    edition_id integer,
    decided_at integer not null,
    primary key (kind, date)
  ) strict`,
  `create table lists (path text primary key, content_hash text not null,
    imported_at integer not null) strict`,
];

/** The first tables: list, editions, ledger. */
export async function firstEdition(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
