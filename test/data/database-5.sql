CREATE TABLE settings (name text primary key, value text not null) strict;
CREATE TABLE link_keys (id integer primary key, key text not null, created_at integer not null,
    retired_at integer) strict;
CREATE TABLE subscribers (
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
  ) strict;
CREATE INDEX subscribers_by_hash on subscribers (address_hash);
CREATE TABLE suppressions (
    address_hash text primary key,
    reason text not null
      check (reason in ('left', 'forgotten', 'complained', 'bounced', 'editor')),
    created_at integer not null
  ) strict;
CREATE TABLE editions (
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
  , send_at integer, public_when_sent integer not null default 0) strict;
CREATE UNIQUE INDEX editions_once on editions (kind, date, key) where status <> 'cancelled';
CREATE INDEX editions_open on editions (id) where status in ('freezing', 'sending', 'paused');
CREATE TABLE picks (
    edition_id integer not null references editions (id),
    position integer not null,
    arxiv_id text,
    title_key text not null,
    paper text not null,
    primary key (edition_id, position)
  ) strict, without rowid;
CREATE INDEX picks_by_title on picks (title_key);
CREATE INDEX picks_by_arxiv on picks (arxiv_id);
CREATE TABLE deliveries (
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
  ) strict, without rowid;
CREATE INDEX deliveries_due on deliveries (edition_id, due_at)
    where state in ('queued', 'deferred');
CREATE INDEX deliveries_claimed on deliveries (edition_id, claimed_by) where state = 'sending';
CREATE TABLE workers (id text primary key, started_at integer not null,
    lease_until integer not null) strict;
CREATE TABLE permits (at integer not null) strict;
CREATE INDEX permits_by_time on permits (at);
CREATE TABLE slots (
    kind text not null,
    date text not null,
    outcome text not null,
    reason text,
    edition_id integer,
    decided_at integer not null, due_at integer not null default 0, begun_at integer not null default 0, again_at integer,
    primary key (kind, date)
  ) strict;
CREATE TABLE lists (path text primary key, content_hash text not null,
    imported_at integer not null) strict;
CREATE TABLE sign_ups (
    id integer primary key autoincrement,
    address text not null,
    address_key text not null,
    address_hash text not null,
    frequency text not null check (frequency in ('daily', 'weekly')),
    asked_at integer not null
  ) strict;
CREATE TABLE address_changes (
    id integer primary key autoincrement,
    subscriber_id integer not null unique,
    address text not null,
    address_key text not null,
    address_hash text not null,
    asked_at integer not null
  ) strict;
CREATE TABLE leaving_reasons (reason text not null, given_at integer not null) strict;
CREATE TABLE limits (
    key text primary key,
    count integer not null,
    until integer not null
  ) strict, without rowid;
CREATE INDEX editions_public on editions (date desc, id desc)
    where public = 1 and status <> 'cancelled';
CREATE INDEX subscribers_pending on subscribers (changed_at) where status = 'pending';
CREATE TABLE answers (
    url text not null,
    body_hash text not null,
    fetched_at integer not null,
    status integer not null,
    content_type text,
    body text not null,
    primary key (url, body_hash)
  ) strict;
CREATE INDEX answers_by_time on answers (fetched_at);
CREATE TABLE papers_seen (
    date text not null,
    title_key text not null,
    arxiv_id text,
    position integer not null,
    upvotes integer,
    paper text not null,
    first_seen_at integer not null,
    seen_at integer not null,
    primary key (date, title_key)
  ) strict;
CREATE INDEX papers_seen_by_time on papers_seen (seen_at);
CREATE TABLE drafts (
    id integer primary key autoincrement,
    version integer not null,
    content text not null,
    edition_id integer references editions (id),
    edition_version integer,
    created_at integer not null,
    changed_at integer not null
  ) strict;
CREATE TABLE sessions (
    id_hash text primary key,
    password_tag text not null,
    created_at integer not null,
    expires_at integer not null
  ) strict, without rowid;
CREATE INDEX editions_scheduled on editions (send_at) where status = 'scheduled';
CREATE TABLE schedules (
    kind text primary key,
    schedule text not null,
    since integer not null
  ) strict;
CREATE TABLE notices (
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
  ) strict;
CREATE INDEX notices_by_address on notices (address_hash, created_at);
CREATE INDEX notices_due on notices (due_at) where state in ('queued', 'deferred');
CREATE INDEX notices_claimed on notices (claimed_by) where state = 'sending';
insert into link_keys ("id", "key", "created_at", "retired_at")
  values (1, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 1756886400000, null);
insert into subscribers ("id", "address", "address_key", "address_hash", "name", "status", "frequency", "token_counter", "paused_until", "source", "created_at", "changed_at")
  values (1, 'reader1@example.org', 'reader1@example.org', 'hash of reader1@example.org', null, 'active', 'daily', 0, null, 'test', 1756886400000, 1756886400000);
insert into subscribers ("id", "address", "address_key", "address_hash", "name", "status", "frequency", "token_counter", "paused_until", "source", "created_at", "changed_at")
  values (2, 'reader2@example.org', 'reader2@example.org', 'hash of reader2@example.org', null, 'active', 'daily', 0, null, 'test', 1756886400000, 1756886400000);
insert into subscribers ("id", "address", "address_key", "address_hash", "name", "status", "frequency", "token_counter", "paused_until", "source", "created_at", "changed_at")
  values (3, 'reader3@example.org', 'reader3@example.org', 'hash of reader3@example.org', null, 'unsubscribed', 'daily', 0, null, 'test', 1756886400000, 1756886400000);
insert into suppressions ("address_hash", "reason", "created_at")
  values ('hash of reader3@example.org', 'left', 1756886400000);
insert into editions ("id", "kind", "date", "key", "status", "paused_by", "reason", "audience", "public", "subject", "content", "wire", "link_key", "frozen_max_id", "frozen_to_id", "created_at", "finished_at", "expires_at", "send_at", "public_when_sent")
  values (1, 'daily', '2025-09-03', '', 'sending', null, null, 'readers', 1, 'Paper 1 · Paper 2', '{"kind":"daily","date":"2025-09-03","digestDate":"2025-09-03","curator":null,"total":3,"subject":"Paper 1 · Paper 2","preheader":"Paper 3","intro":null,"picks":[{"position":1,"paper":{"arxivId":null,"titleKey":"paper1","title":"Paper 1","abstract":"It asks a question. It answers it.","url":"https://papers.example.org/1","pdfUrl":null,"codeUrl":null,"authors":[],"authorCount":null,"upvotes":null,"publishedOn":null,"tldr":null}},{"position":2,"paper":{"arxivId":null,"titleKey":"paper2","title":"Paper 2","abstract":"It asks a question. It answers it.","url":"https://papers.example.org/2","pdfUrl":null,"codeUrl":null,"authors":[],"authorCount":null,"upvotes":null,"publishedOn":null,"tldr":null}},{"position":3,"paper":{"arxivId":null,"titleKey":"paper3","title":"Paper 3","abstract":"It asks a question. It answers it.","url":"https://papers.example.org/3","pdfUrl":null,"codeUrl":null,"authors":[],"authorCount":null,"upvotes":null,"publishedOn":null,"tldr":null}}],"also":[]}', '[]', 1, 3, 3, 1756886400000, null, 1756972800000, null, 1);
insert into picks ("edition_id", "position", "arxiv_id", "title_key", "paper")
  values (1, 1, null, 'paper1', '{"arxivId":null,"titleKey":"paper1","title":"Paper 1","abstract":"It asks a question. It answers it.","url":"https://papers.example.org/1","pdfUrl":null,"codeUrl":null,"authors":[],"authorCount":null,"upvotes":null,"publishedOn":null,"tldr":null}');
insert into picks ("edition_id", "position", "arxiv_id", "title_key", "paper")
  values (1, 2, null, 'paper2', '{"arxivId":null,"titleKey":"paper2","title":"Paper 2","abstract":"It asks a question. It answers it.","url":"https://papers.example.org/2","pdfUrl":null,"codeUrl":null,"authors":[],"authorCount":null,"upvotes":null,"publishedOn":null,"tldr":null}');
insert into picks ("edition_id", "position", "arxiv_id", "title_key", "paper")
  values (1, 3, null, 'paper3', '{"arxivId":null,"titleKey":"paper3","title":"Paper 3","abstract":"It asks a question. It answers it.","url":"https://papers.example.org/3","pdfUrl":null,"codeUrl":null,"authors":[],"authorCount":null,"upvotes":null,"publishedOn":null,"tldr":null}');
insert into deliveries ("edition_id", "subscriber_id", "state", "due_at", "attempts", "lost", "claimed_by", "code", "enhanced", "reply", "sent_at")
  values (1, 1, 'queued', 0, 0, 0, null, null, null, null, null);
insert into deliveries ("edition_id", "subscriber_id", "state", "due_at", "attempts", "lost", "claimed_by", "code", "enhanced", "reply", "sent_at")
  values (1, 2, 'queued', 0, 0, 0, null, null, null, null, null);
insert into deliveries ("edition_id", "subscriber_id", "state", "due_at", "attempts", "lost", "claimed_by", "code", "enhanced", "reply", "sent_at")
  values (1, 3, 'skipped', 0, 0, 0, null, null, null, 'left', null);
insert into slots ("kind", "date", "outcome", "reason", "edition_id", "decided_at", "due_at", "begun_at", "again_at")
  values ('daily', '2025-09-03', 'published', null, 1, 1756886400000, 1756886400000, 1756886400000, null);
insert into notices ("id", "purpose", "subscriber_id", "window", "address_hash", "address", "content", "state", "due_at", "attempts", "lost", "claimed_by", "code", "enhanced", "reply", "created_at", "sent_at")
  values (1, 'welcome', 1, 1, 'hash of reader1@example.org', null, null, 'queued', 0, 0, 0, null, null, null, null, 1756886400000, null);
pragma user_version = 5;
