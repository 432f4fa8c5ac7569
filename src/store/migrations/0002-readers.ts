import { type Kysely, sql } from 'kysely';

const statements = [
  // Who asked to subscribe, until it is decided what that comes to: the same insert for everybody.
  `create table sign_ups (
    id integer primary key autoincrement,
    address text not null,
    address_key text not null,
    address_hash text not null,
    frequency text not null check (frequency in ('daily', 'weekly')),
    asked_at integer not null
  ) strict`,
  `create table notices (
    id integer primary key autoincrement,
    purpose text not null check (purpose in ('confirm', 'welcome', 'already', 'manage', 'change')),
    subscriber_id integer not null,
    "window" integer not null,
    address_hash text not null,
    state text not null
      check (state in ('queued', 'sending', 'sent', 'deferred', 'failed', 'skipped')),
    due_at integer not null,
    attempts integer not null default 0,
    lost integer not null default 0,
    claimed_by text,
    code integer,
    enhanced text,
    reply text,
    created_at integer not null,
    sent_at integer,
    unique (purpose, subscriber_id, "window")
  ) strict`,
  'create index notices_by_address on notices (address_hash, created_at)',
  `create index notices_due on notices (due_at) where state in ('queued', 'deferred')`,
  `create index notices_claimed on notices (claimed_by) where state = 'sending'`,
  // autoincrement: a link to one change never confirms a later one.
  `create table address_changes (
    id integer primary key autoincrement,
    subscriber_id integer not null unique,
    address text not null,
    address_key text not null,
    address_hash text not null,
    asked_at integer not null
  ) strict`,
  // What readers said when they left; nobody's answer is kept with who gave it.
  'create table leaving_reasons (reason text not null, given_at integer not null) strict',
  `create table limits (
    key text primary key,
    count integer not null,
    until integer not null
  ) strict, without rowid`,
  `create index editions_public on editions (date desc, id desc)
    where public = 1 and status <> 'cancelled'`,
  `create index subscribers_pending on subscribers (changed_at) where status = 'pending'`,
];

/** What readers do by themselves: sign-ups, notices, changes of address, limits. */
export async function readers(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
