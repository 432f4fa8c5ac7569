import { type Selectable, sql } from 'kysely';
import type { NoticeAbout, NoticePurpose } from '../lib/notice.ts';
import type { Database } from './database.ts';
import { type Claim, isHeld, type Outcome } from './deliveries.ts';
import type { Schema } from './schema.ts';
import type { Subscriber } from './subscribers.ts';

type NoticeRow = Readonly<Selectable<Schema['notices']>>;

/** A mail to one person that is no edition. "Only once" is (purpose, subscriber, window). */
export type NewNotice = Pick<NoticeRow, 'purpose' | 'subscriberId' | 'window' | 'addressHash'>;

/** An address is mailed notices of these purposes at most `count` times within `perMs`. */
export type NoticeLimit = {
  readonly purposes: readonly NoticePurpose[];
  readonly count: number;
  readonly perMs: number;
};

/** Whether an address may be mailed one more notice. */
export async function mayNotify(
  db: Database,
  addressHash: string,
  limits: readonly NoticeLimit[],
  now: number,
): Promise<boolean> {
  const { rows } = await sql`select 1 where ${withinLimits(addressHash, limits, now)}`.execute(db);
  return rows.length > 0;
}

/** What lies too far ahead is from before the clock was set back, and does not count. */
function withinLimits(addressHash: string, limits: readonly NoticeLimit[], now: number) {
  const within = limits.map(
    ({ purposes, count, perMs }) => sql`
      (select count(*) from notices where address_hash = ${addressHash}
        and created_at > ${now - perMs} and created_at <= ${now + perMs}
        and purpose in (${sql.join(purposes)})) < ${count}`,
  );
  return within.length > 0 ? sql.join(within, sql` and `) : sql`true`;
}

/**
 * Queues a notice, unless it was queued before or its address got too many: one statement, so that
 * of many who ask at once one gets through.
 * @returns whether it was queued.
 */
export async function queueNotice(
  db: Database,
  { purpose, subscriberId, window, addressHash }: NewNotice,
  limits: readonly NoticeLimit[],
  now: number,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into notices (purpose, subscriber_id, "window", address_hash, state, due_at, created_at)
    select ${purpose}, ${subscriberId}, ${window}, ${addressHash}, 'queued', 0, ${now}
    where ${withinLimits(addressHash, limits, now)}
    on conflict do nothing`.execute(db);
  return numAffectedRows > 0n;
}

/** A notice to the operator. `about` is what its words say beyond its purpose. */
export type OperatorNotice = {
  readonly purpose: 'trouble' | 'recovered';
  /** "Only once" is (purpose, window): the same for the trouble and for its end. */
  readonly window: number;
  readonly address: string;
  readonly about: NoticeAbout;
};

/**
 * Queues a notice to the operator once; that all is well again only where the trouble was told.
 * @returns whether it was queued.
 */
export async function queueOperatorNotice(
  db: Database,
  { purpose, window, address, about }: OperatorNotice,
  now: number,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into notices (purpose, subscriber_id, "window", address_hash, address, content, state,
      due_at, created_at)
    select ${purpose}, ${operatorId}, ${window}, '', ${address}, ${JSON.stringify(about)}, 'queued',
      0, ${now}
    where ${purpose} = 'trouble' or exists (select 1 from notices
      where purpose = 'trouble' and subscriber_id = ${operatorId} and "window" = ${window})
    on conflict do nothing`.execute(db);
  return numAffectedRows > 0n;
}

/** Stands where a subscriber's id does; real ones begin with 1. */
const operatorId = 0;

/**
 * A notice that a worker holds, with what it takes to make the mail. Its address is the subscriber's,
 * or the new one that is to be confirmed.
 */
export type NoticeClaim = Claim &
  Pick<NoticeRow, 'id' | 'purpose' | 'subscriberId' | 'createdAt'> &
  Pick<Subscriber, 'tokenCounter'> & {
    /** Which change of address it is about; null for other purposes. */
    readonly changeId: number | null;
    /** What it is about, where its purpose alone does not say it. */
    readonly about: NoticeAbout | null;
  };

/** Claims the oldest notice that is due, for `workerId`; null where there is none. */
export async function claimNotice(
  db: Database,
  workerId: string,
  now: number,
): Promise<NoticeClaim | null> {
  type Claimed = Omit<NoticeClaim, 'address' | 'about' | 'mailable'> &
    Pick<NoticeRow, 'address' | 'content'>;
  const { rows } = await sql<Claimed>`
    update notices set state = 'sending', claimed_by = ${workerId}
    where id = (select id from notices
      where state in ('queued', 'deferred') and due_at <= ${now} order by due_at, id limit 1)
    returning id, purpose, subscriber_id, attempts, lost, created_at,
      case purpose
        when 'change' then (select address from address_changes
          where address_changes.subscriber_id = notices.subscriber_id
            and address_changes.id = notices."window")
        else coalesce(notices.address,
          (select address from subscribers where subscribers.id = notices.subscriber_id))
      end as address, content,
      coalesce((select token_counter from subscribers where id = subscriber_id), 0) as token_counter,
      case purpose when 'change' then "window" end as change_id`.execute(db);
  const [row] = rows;
  if (!row) return null;
  const { address, content, ...claim } = row;
  // Nobody is there any more: forgotten, or asked for another change.
  if (address !== null) {
    const mailable = await isNoticeMailable(db, row.id);
    return { ...claim, address, mailable, about: content && JSON.parse(content) };
  }
  await db.deleteFrom('notices').where('id', '=', row.id).execute();
  return claimNotice(db, workerId, now);
}

/** Records what came of a notice that `workerId` still holds. */
export async function recordNotice(
  db: Database,
  workerId: string,
  o: Outcome<NoticeClaim>,
): Promise<void> {
  await sql`
    update notices set state = ${o.state}, due_at = ${o.dueAt}, attempts = attempts + ${o.tried},
      lost = lost + ${o.lost}, claimed_by = null, code = ${o.code}, enhanced = ${o.enhanced},
      reply = ${o.reply}, sent_at = ${o.sentAt}
    where id = ${o.claim.id} and state = 'sending' and claimed_by = ${workerId}`.execute(db);
}

/** Gives back all notices that `workerId` holds. */
export async function releaseNotices(db: Database, workerId: string): Promise<void> {
  await sql`
    update notices set state = 'deferred', claimed_by = null
    where state = 'sending' and claimed_by = ${workerId}`.execute(db);
}

/** Takes back what workers hold whose lease has ended, or who are gone. */
export async function takeOverNotices(db: Database, now: number): Promise<void> {
  await sql`
    update notices set state = 'deferred', claimed_by = null
    where state = 'sending' and not ${isHeld(now)}`.execute(db);
}

/** When the newest notice of this purpose was queued for a subscriber; null where none was. */
export async function newestNotice(
  db: Database,
  purpose: NoticePurpose,
  subscriberId: number,
): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select max(created_at) as at from notices
    where purpose = ${purpose} and subscriber_id = ${subscriberId}`.execute(db);
  return rows[0]?.at ?? null;
}

/** When the next notice is due; null where none waits. */
export async function nextNoticeAt(db: Database): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select min(due_at) as at from notices where state in ('queued', 'deferred')`.execute(db);
  return rows[0]?.at ?? null;
}

/** Forgets notices older than `before`: no limit looks back to them, but for the operator's. */
export async function pruneNotices(db: Database, before: number): Promise<void> {
  await sql`
    delete from notices
    where created_at < ${before} and subscriber_id <> ${operatorId}`.execute(db);
}

/**
 * Whether a notice may still go out: nothing stands against its address by now, and what is for
 * readers goes to nobody who left. Who left may be asked whether they come back.
 */
async function isNoticeMailable(db: Database, id: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from notices where id = ${id}
      and not exists (select 1 from suppressions
        where suppressions.address_hash = notices.address_hash
          and (purpose not in ('confirm', 'change') or reason in ('complained', 'editor')))
      and (purpose not in ('welcome', 'already', 'manage', 'change')
        or exists (select 1 from subscribers
          where subscribers.id = subscriber_id and status in ('active', 'guest')))`.execute(db);
  return rows.length > 0;
}

/** No notice is put off for longer, in ms. */
const longestWait = 2 * 3_600_000;

/** Makes notices due that wait for longer than any would: the clock was set back since. */
export async function pullBackNotices(db: Database, now: number): Promise<void> {
  await sql`
    update notices set due_at = ${now}
    where state in ('queued', 'deferred') and due_at > ${now + longestWait}`.execute(db);
}

/** Whom the notice of this purpose with this id was for, and when it was queued (UTC ms). */
export function findNotice(
  db: Database,
  purpose: NoticePurpose,
  id: number,
): Promise<Pick<NoticeRow, 'subscriberId' | 'createdAt'> | undefined> {
  return db
    .selectFrom('notices')
    .select(['subscriberId', 'createdAt'])
    .where(eb => eb.and({ id, purpose }))
    .executeTakeFirst();
}
