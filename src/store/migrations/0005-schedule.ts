import { type Kysely, sql } from 'kysely';

const statements = [
  // A slot may be open: looked at, and to be looked at again.
  'alter table slots add column due_at integer not null default 0',
  'alter table slots add column begun_at integer not null default 0',
  'alter table slots add column again_at integer',
  'update slots set due_at = decided_at, begun_at = decided_at',
  `create table schedules (
    kind text primary key,
    schedule text not null,
    since integer not null
  ) strict`,
  // Notices to the operator, who is no subscriber: they bring their address and words. SQLite cannot
  // change a check, so the table is made anew.
  'alter table notices rename to old_notices',
  `create table notices (
    id integer primary key autoincrement,
    purpose text not null check (purpose in
      ('confirm', 'welcome', 'already', 'manage', 'change', 'trouble', 'recovered')),
    subscriber_id integer not null,
    "window" integer not null,
    address_hash text not null,
    address text,
    content text,
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
  `insert into notices (id, purpose, subscriber_id, "window", address_hash, state, due_at, attempts,
      lost, claimed_by, code, enhanced, reply, created_at, sent_at)
    select id, purpose, subscriber_id, "window", address_hash, state, due_at, attempts,
      lost, claimed_by, code, enhanced, reply, created_at, sent_at from old_notices`,
  // Its indexes go with it.
  'drop table old_notices',
  'create index notices_by_address on notices (address_hash, created_at)',
  `create index notices_due on notices (due_at) where state in ('queued', 'deferred')`,
  `create index notices_claimed on notices (claimed_by) where state = 'sending'`,
];

/** Slots that are looked at again, since when schedules hold, and what the operator is told. */
export async function schedule(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
