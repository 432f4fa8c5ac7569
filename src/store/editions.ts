import { type Selection, sql } from 'kysely';
import type { Edition, EditionIdentity } from '../edition/edition.ts';
import type { Database } from './database.ts';
import { dueFirst } from './deliveries.ts';
import type { EditionStatus, Schema } from './schema.ts';

const columns = [
  'id',
  'kind',
  'date',
  'key',
  'status',
  'pausedBy',
  'reason',
  'audience',
  'public',
  'subject',
  'content',
  'linkKey as linkKeyId',
  'createdAt',
  'finishedAt',
  'expiresAt',
  'resumeAt',
  'sendAt',
] as const;

type EditionRow = Readonly<Selection<Schema, 'editions', (typeof columns)[number]>>;

/** An edition as it is kept, but for its wire template. Instants are UTC ms. */
export type StoredEdition = Omit<EditionRow, 'content' | 'public'> & {
  readonly content: Edition;
  readonly public: boolean;
};

/** What an edition is made of when it is stored: everything a resumed run needs. */
export type NewEdition = Pick<
  StoredEdition,
  'key' | 'content' | 'linkKeyId' | 'audience' | 'public' | 'expiresAt'
> & {
  /** The wire template as JSON. */
  readonly wire: string;
  /** When it begins (UTC ms); at once where left out. */
  readonly sendAt?: number | null;
};

/** Whom an edition freezes that begins now: whoever is there, as a number for `frozen_max_id`. */
export const everybody = sql<number>`(select coalesce(max(id), 0) from subscribers)`;

/**
 * Stores an edition and its picks, unless one of the same (kind, date, key) is there.
 * One transaction: an edition is there whole, with the bytes it will be sent as, or not at all.
 * @returns its id, or null where it was there.
 */
export function insertEdition(
  db: Database,
  edition: NewEdition,
  now: number,
): Promise<number | null> {
  return db.transaction().execute(async transaction => {
    const row = await transaction
      .insertInto('editions')
      .values({
        ...rowOf(edition),
        status: edition.sendAt != null ? 'scheduled' : 'freezing',
        audience: edition.audience,
        createdAt: now,
        // Here already, or a crash before freezing begins would leave an audience of nobody.
        frozenMaxId: edition.audience === 'readers' ? everybody : 0,
      })
      .onConflict(conflict => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!row) return null;
    await insertPicks(transaction, row.id, edition);
    return row.id;
  });
}

/**
 * Puts another edition in the place of one that is scheduled still; whole or not at all, as
 * `insertEdition`. @returns whether it was scheduled still.
 */
export function replaceScheduled(
  db: Database,
  id: number,
  edition: NewEdition & { readonly sendAt: number },
): Promise<boolean> {
  return db.transaction().execute(async transaction => {
    const { numUpdatedRows } = await transaction
      .updateTable('editions')
      .set(rowOf(edition))
      .where('id', '=', id)
      .where('status', '=', 'scheduled')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await transaction.deleteFrom('picks').where('editionId', '=', id).execute();
    await insertPicks(transaction, id, edition);
    return true;
  });
}

/** What an edition says and when, as it is kept. */
function rowOf({
  key,
  content,
  wire,
  linkKeyId,
  expiresAt,
  sendAt = null,
  ...edition
}: NewEdition) {
  const { kind, date, subject } = content;
  return {
    ...{ kind, date, key, subject, wire, expiresAt, sendAt },
    content: JSON.stringify(content),
    linkKey: linkKeyId,
    // Nobody sees it before its time.
    public: edition.public && sendAt === null ? 1 : 0,
    publicWhenSent: edition.public ? 1 : 0,
  } as const;
}

async function insertPicks(db: Database, id: number, { content }: NewEdition): Promise<void> {
  const picks = content.picks.map(pick => ({
    editionId: id,
    position: pick.position,
    arxivId: pick.paper.arxivId,
    titleKey: pick.paper.titleKey,
    paper: JSON.stringify(pick.paper),
  }));
  await db.insertInto('picks').values(picks).execute();
}

function editions(db: Database) {
  return db.selectFrom('editions').select(columns);
}

function stored(row: EditionRow): StoredEdition {
  const content: Edition = JSON.parse(row.content);
  return { ...row, content, public: row.public === 1 };
}

/** The edition of this identity that was not cancelled, if there is one. */
export async function findEdition(
  db: Database,
  { kind, date, key }: EditionIdentity,
): Promise<StoredEdition | null> {
  const row = await editions(db)
    .where(eb => eb.and({ kind, date, key }))
    .where('status', '!=', 'cancelled')
    .executeTakeFirst();
  return row ? stored(row) : null;
}

/** The edition with this id, if there is one. */
export async function getEdition(db: Database, id: number): Promise<StoredEdition | null> {
  const row = await editions(db).where('id', '=', id).executeTakeFirst();
  return row ? stored(row) : null;
}

/** The newest editions first, at most `limit`. */
export async function listEditions(db: Database, limit: number): Promise<StoredEdition[]> {
  const rows = await editions(db).orderBy('id', 'desc').limit(limit).execute();
  return rows.map(stored);
}

/** The wire template, as it was stored. */
export async function editionWire(db: Database, id: number): Promise<string> {
  const found = db.selectFrom('editions').select('wire').where('id', '=', id);
  return (await found.executeTakeFirstOrThrow()).wire;
}

/** Ids of the editions that a worker has something to do for. */
export async function openEditions(db: Database): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from editions where status in ('freezing', 'sending') order by id`.execute(db);
  return rows.map(({ id }) => id);
}

const waitsForRelay = sql`status = 'paused' and paused_by = 'relay'`;

/** Ids of the editions that wait for the SMTP server to answer; not where it named a later time. */
export async function editionsPausedByRelay(db: Database, now: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from editions where ${waitsForRelay}
      and (resume_at is null or resume_at <= ${now})`.execute(db);
  return rows.map(({ id }) => id);
}

/** The editions that the server keeps from going on, and why: it refuses us, or does not answer. */
export async function stoppedEditions(
  db: Database,
): Promise<readonly Pick<StoredEdition, 'id' | 'reason' | 'resumeAt'>[]> {
  return db
    .selectFrom('editions')
    .select(['id', 'reason', 'resumeAt'])
    .where('status', '=', 'paused')
    .where('pausedBy', 'in', ['policy', 'relay'])
    .orderBy('id')
    .execute();
}

/** Lets an edition go on that waits for the server; not where a person has paused it meanwhile. */
export async function resumeFromRelay(db: Database, id: number): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update editions set status = 'sending', paused_by = null, reason = null, resume_at = null
    where id = ${id} and ${waitsForRelay}`.execute(db);
  return numAffectedRows > 0n;
}

const running = { pausedBy: null, reason: null, resumeAt: null, finishedAt: null };

/**
 * Moves an edition to `to`, if it is in one of `from`: one statement, so that of two only one does.
 * @returns whether it moved.
 */
export async function moveEdition(
  db: Database,
  id: number,
  from: readonly EditionStatus[],
  to: EditionStatus,
  change: Partial<Pick<EditionRow, 'pausedBy' | 'reason' | 'resumeAt' | 'finishedAt'>> = {},
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('editions')
    .set({ ...running, ...change, status: to })
    .where('id', '=', id)
    .where('status', 'in', from)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Ends an edition that is being sent and has nothing open: one statement, so that nobody who is
 * added meanwhile is left behind in an edition that counts as sent. (What is open is found by its
 * index, for which SQLite wants a bound on `due_at`, though none is below: see `dueFirst`.)
 */
export async function finishEdition(db: Database, id: number, now: number): Promise<void> {
  await sql`
    update editions set status = 'sent', paused_by = null, reason = null, finished_at = ${now}
    where id = ${id} and status = 'sending'
      and not exists (select 1 from deliveries
        where edition_id = ${id} and state in ('queued', 'deferred') and due_at >= ${dueFirst})
      and not exists (select 1 from deliveries
        where edition_id = ${id} and state = 'sending')`.execute(db);
}

// What a scheduled edition becomes when its time has come: its audience is who is there by then.
const begin = sql`
  status = 'freezing', public = max(public, public_when_sent), frozen_to_id = 0,
  frozen_max_id = ${everybody}`;

/**
 * Begins all scheduled editions whose time has come: one statement, so that each begins once, also
 * where several processes look, or one dies in the middle.
 * @returns their ids.
 */
export async function beginDue(db: Database, now: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update editions set ${begin} where status = 'scheduled' and send_at <= ${now}
    returning id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Whether a scheduled edition's time has come. */
export async function isAnyDue(db: Database, now: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from editions where status = 'scheduled' and send_at <= ${now} limit 1`.execute(db);
  return rows.length > 0;
}

/** Begins a scheduled edition before its time; nothing where it is not scheduled. */
export async function beginNow(db: Database, id: number, now: number): Promise<void> {
  await sql`
    update editions set ${begin}, send_at = ${now}
    where id = ${id} and status = 'scheduled'`.execute(db);
}

/**
 * Gives up the editions that nobody wants any more: their time is over and some still wait. Those
 * deliveries fail without blame; what is in flight is left to its lane.
 * @returns the editions' ids.
 */
export function expireEditions(db: Database, now: number): Promise<number[]> {
  return db.transaction().execute(async transaction => {
    const { rows } = await sql<{ id: number }>`
      update editions set status = 'expired', reason = 'expired', paused_by = null, resume_at = null,
        finished_at = ${now}
      where status in ('freezing', 'sending', 'paused') and expires_at <= ${now}
        and not exists (select 1 from deliveries
          where edition_id = editions.id and state = 'sending')
        and exists (select 1 from deliveries
          where edition_id = editions.id and state in ('queued', 'deferred') and due_at >= ${dueFirst})
      returning id`.execute(transaction);
    for (const { id } of rows) {
      await sql`
        update deliveries set state = 'failed',
          reply = 'expired' || case when reply is null then '' else '; last: ' || reply end
        where edition_id = ${id} and state in ('queued', 'deferred')`.execute(transaction);
    }
    return rows.map(({ id }) => id);
  });
}

/** An edition in the calendar. Instants are UTC ms. */
export type CalendarRow = Pick<
  EditionRow,
  'id' | 'kind' | 'date' | 'status' | 'reason' | 'subject' | 'sendAt' | 'finishedAt'
>;

/** The newest editions, at most `limit`; what is scheduled stands first. */
export async function calendar(db: Database, limit: number): Promise<readonly CalendarRow[]> {
  const { rows } = await sql<CalendarRow>`
    select id, kind, date, status, reason, subject, send_at, finished_at from editions
    order by status = 'scheduled' desc, date desc, id desc limit ${limit}`.execute(db);
  return rows;
}
