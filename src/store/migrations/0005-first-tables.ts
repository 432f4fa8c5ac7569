import { type Kysely, sql } from 'kysely';

// What is known of a message on its way, also of one that is no edition.
const sending = `state text not null
      check (state in ('queued', 'sending', 'sent', 'deferred', 'failed', 'skipped')),
    due_at integer not null, attempts integer not null default 0, lost integer not null default 0,
    claimed_by text, code integer, enhanced text, reply text`;

const statements = [
  'create table settings (name text primary key, value text not null) strict',
  `create table link_keys (id integer primary key, key text not null, created_at integer not null,
    retired_at integer) strict`,
  // autoincrement: a number is never given again, or a forgotten reader's old link would name
  // somebody else.
  `create table subscribers (
    id integer primary key autoincrement,
    address text not null, address_key text not null unique, address_hash text not null,
    name text,
    status text not null
      check (status in ('pending', 'active', 'unsubscribed', 'bounced', 'complained', 'guest')),
    frequency text not null check (frequency in ('daily', 'weekly')),
    token_counter integer not null default 0,
    paused_until integer,
    source text not null,
    created_at integer not null, changed_at integer not null
  ) strict`,
  'create index subscribers_by_hash on subscribers (address_hash)',
  `create index subscribers_pending on subscribers (changed_at) where status = 'pending'`,
  `create table suppressions (
    address_hash text primary key,
    reason text not null check (reason in ('left', 'forgotten', 'complained', 'bounced', 'editor')),
    created_at integer not null
  ) strict`,
  `create table editions (
    id integer primary key,
    kind text not null check (kind in ('daily', 'weekly', 'manual')),
    date text not null, key text not null,
    status text not null, paused_by text, reason text,
    audience text not null, public integer not null,
    subject text not null, content text not null, wire text not null,
    link_key integer not null references link_keys (id),
    frozen_max_id integer not null default 0, frozen_to_id integer not null default 0,
    created_at integer not null, finished_at integer, expires_at integer not null,
    send_at integer, public_when_sent integer not null default 0
  ) strict`,
  // "Only once" is this key: one daily and one weekly a day, one manual edition of each content.
  `create unique index editions_once on editions (kind, date, key) where status <> 'cancelled'`,
  `create index editions_open on editions (id) where status in ('freezing', 'sending', 'paused')`,
  `create index editions_scheduled on editions (send_at) where status = 'scheduled'`,
  `create index editions_public on editions (date desc, id desc)
    where public = 1 and status <> 'cancelled'`,
  `create table picks (
    edition_id integer not null references editions (id),
    position integer not null,
    arxiv_id text, title_key text not null, paper text not null,
    primary key (edition_id, position)
  ) strict, without rowid`,
  'create index picks_by_title on picks (title_key)',
  'create index picks_by_arxiv on picks (arxiv_id)',
  `create table deliveries (
    edition_id integer not null references editions (id),
    subscriber_id integer not null,
    ${sending}, sent_at integer,
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
  // A slot may be open: looked at, and to be looked at again.
  `create table slots (
    kind text not null, date text not null,
    outcome text not null, reason text, edition_id integer,
    decided_at integer not null, due_at integer not null default 0,
    begun_at integer not null default 0, again_at integer,
    primary key (kind, date)
  ) strict`,
  `create table schedules (kind text primary key, schedule text not null,
    since integer not null) strict`,
  `create table lists (path text primary key, content_hash text not null,
    imported_at integer not null) strict`,
  // Who asked to subscribe, until it is decided what that comes to: the same insert for everybody.
  `create table sign_ups (
    id integer primary key autoincrement,
    address text not null, address_key text not null, address_hash text not null,
    frequency text not null check (frequency in ('daily', 'weekly')),
    asked_at integer not null
  ) strict`,
  `create table notices (
    id integer primary key autoincrement,
    purpose text not null check (purpose in
      ('confirm', 'welcome', 'already', 'manage', 'change', 'trouble', 'recovered')),
    subscriber_id integer not null, "window" integer not null,
    address_hash text not null, address text, content text,
    ${sending}, created_at integer not null, sent_at integer,
    unique (purpose, subscriber_id, "window")
  ) strict`,
  'create index notices_by_address on notices (address_hash, created_at)',
  `create index notices_due on notices (due_at) where state in ('queued', 'deferred')`,
  `create index notices_claimed on notices (claimed_by) where state = 'sending'`,
  // autoincrement: a link to one change never confirms a later one.
  `create table address_changes (
    id integer primary key autoincrement,
    subscriber_id integer not null unique,
    address text not null, address_key text not null, address_hash text not null,
    asked_at integer not null
  ) strict`,
  // What readers said when they left; nobody's answer is kept with who gave it.
  'create table leaving_reasons (reason text not null, given_at integer not null) strict',
  `create table limits (key text primary key, count integer not null, until integer not null)
    strict, without rowid`,
  // What sources answered, so that an edition can be made again from what was known.
  `create table answers (
    url text not null, body_hash text not null,
    fetched_at integer not null, status integer not null, content_type text, body text not null,
    primary key (url, body_hash)
  ) strict`,
  'create index answers_by_time on answers (fetched_at)',
  // What was read of each day's list, whenever: what came too late for its edition is found here.
  `create table papers_seen (
    date text not null, title_key text not null, arxiv_id text,
    position integer not null, upvotes integer, paper text not null,
    first_seen_at integer not null, seen_at integer not null,
    primary key (date, title_key)
  ) strict`,
  'create index papers_seen_by_time on papers_seen (seen_at)',
  // autoincrement: a tab that is still open never saves into somebody else's draft.
  `create table drafts (
    id integer primary key autoincrement,
    version integer not null, content text not null,
    edition_id integer references editions (id), edition_version integer,
    created_at integer not null, changed_at integer not null
  ) strict`,
  `create table sessions (id_hash text primary key, password_tag text not null,
    created_at integer not null, expires_at integer not null) strict, without rowid`,
];

/** All tables as the first release has them; number 5, as four steps before it were in use. */
export async function firstTables(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
