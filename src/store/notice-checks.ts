import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { NoticePurpose } from './schema.ts';

/**
 * Whether a notice may still go out: nothing stands against its address by now, and what is for
 * readers goes to nobody who left. Who left may be asked whether they come back.
 */
export async function isNoticeMailable(db: Database, id: number): Promise<boolean> {
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
): Promise<{ subscriberId: number; createdAt: number } | undefined> {
  return db
    .selectFrom('notices')
    .select(['subscriber_id as subscriberId', 'created_at as createdAt'])
    .where('id', '=', id)
    .where('purpose', '=', purpose)
    .executeTakeFirst();
}
