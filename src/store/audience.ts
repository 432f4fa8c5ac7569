import { sql } from 'kysely';
import type { EditionKind, Frequency } from '../edition/edition.ts';
import type { Database } from './database.ts';
import { everybody } from './editions.ts';
import { isSuppressed } from './leaving.ts';

/**
 * Who an edition is for, as a condition on rows of `subscribers`. daily → active daily readers,
 * weekly → active weekly readers, manual → all active; never one who is suppressed or has paused.
 */
function inAudience(kind: EditionKind, now: number) {
  return sql`status = 'active' and (${kind} = 'manual' or frequency = ${kind})
    and (paused_until is null or paused_until <= ${now}) and not ${isSuppressed}`;
}

/** How many subscribers one short transaction looks at; measured to hold the event loop < 15 ms. */
const rangeSize = 1_000;

/**
 * Begins to freeze the audience: everybody who is there by now. Also begins again for an edition
 * that was sent, so that who came since is added; who has a delivery keeps it.
 */
export async function beginFreezing(
  db: Database,
  editionId: number,
  expiresAt: number,
): Promise<void> {
  await sql`
    update editions set status = 'freezing', audience = 'readers', frozen_to_id = 0,
      expires_at = ${expiresAt}, frozen_max_id = ${everybody}
    where id = ${editionId} and status in ('freezing', 'sending', 'sent')`.execute(db);
}

/**
 * Freezes the next range of subscribers into deliveries; resumable, because the range's end is
 * kept in the same transaction. @returns whether there is more to freeze.
 */
export function freezeRange(db: Database, editionId: number, now: number): Promise<boolean> {
  return db.transaction().execute(async transaction => {
    const { kind, status, frozenToId, frozenMaxId } = await transaction
      .selectFrom('editions')
      .select(['kind', 'status', 'frozenToId', 'frozenMaxId'])
      .where('id', '=', editionId)
      .executeTakeFirstOrThrow();
    if (status !== 'freezing' || frozenToId >= frozenMaxId) return false;
    const end = await sql<{ id: number | null }>`
      select max(id) as id from (select id from subscribers
        where id > ${frozenToId} and id <= ${frozenMaxId}
        order by id limit ${rangeSize})`.execute(transaction);
    const to = end.rows[0]?.id ?? frozenMaxId;
    await sql`
      insert into deliveries (edition_id, subscriber_id, state, due_at)
      select ${editionId}, id, 'queued', 0 from subscribers
      where id > ${frozenToId} and id <= ${to} and ${inAudience(kind, now)}
      on conflict do nothing`.execute(transaction);
    await sql`update editions set frozen_to_id = ${to} where id = ${editionId}`.execute(
      transaction,
    );
    return to < frozenMaxId;
  });
}

/** Ends freezing: the lanes may begin. */
export async function endFreezing(db: Database, editionId: number): Promise<void> {
  await sql`
    update editions set status = 'sending', finished_at = null
    where id = ${editionId} and status = 'freezing' and frozen_to_id >= frozen_max_id`.execute(db);
}

/**
 * Adds deliveries for exactly these subscribers and lets the lanes begin, where they need not wait
 * for an audience that is being frozen. One transaction.
 */
export async function addNamed(
  db: Database,
  editionId: number,
  subscriberIds: readonly number[],
  expiresAt: number,
): Promise<void> {
  await db.transaction().execute(async transaction => {
    await sql`
      insert into deliveries (edition_id, subscriber_id, state, due_at)
      select ${editionId}, value, 'queued', 0 from json_each(${JSON.stringify(subscriberIds)})
      where true on conflict do nothing`.execute(transaction);
    await sql`
      update editions set finished_at = null, expires_at = ${expiresAt}, status =
        case when status = 'freezing' and frozen_to_id < frozen_max_id then 'freezing'
          else 'sending' end
      where id = ${editionId} and status in ('freezing', 'sending', 'sent')`.execute(transaction);
  });
}

/** How many would get this edition now: the audience less those who have it already. */
export async function countAudience(
  db: Database,
  kind: EditionKind,
  editionId: number | null,
  now: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from subscribers
    where ${inAudience(kind, now)} and not ${hasDelivery(editionId)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** How many of these addresses would get this edition now. Unknown ones count: they are new. */
export async function countNamed(
  db: Database,
  addressKeys: readonly string[],
  editionId: number | null,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from
      (select distinct value as key from json_each(${JSON.stringify(addressKeys)})) as named
    left join subscribers on subscribers.address_key = cast(named.key as text)
    where (subscribers.id is null or subscribers.status in ('active', 'guest', 'pending'))
      and not ${hasDelivery(editionId)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Whether a row of `subscribers` was frozen into this edition, as a condition; null for none. */
function hasDelivery(editionId: number | null) {
  return sql`exists (select 1 from deliveries
    where edition_id = ${editionId ?? 0} and subscriber_id = subscribers.id)`;
}

/** Who an edition would go to now. */
export type AudienceReport = {
  /** Those who would get it, by what they subscribed to. */
  readonly gets: Readonly<Record<Frequency, number>>;
  /** Those who would not, and why, commonest first. */
  readonly skipped: readonly { readonly why: string; readonly count: number }[];
};

/** Who an edition of this kind would go to now, and who is left out and why. */
export async function audienceReport(
  db: Database,
  kind: EditionKind,
  now: number,
): Promise<AudienceReport> {
  const { rows } = await sql<{ why: string; frequency: Frequency; count: number }>`
    select why, frequency, count(*) as count from (
      select frequency, case
        when ${inAudience(kind, now)} then ''
        when ${isSuppressed} or status = 'unsubscribed' then 'left or were removed'
        when status = 'pending' then 'have not confirmed yet'
        when status = 'guest' then 'were named once and are on no list'
        when status <> 'active' then status
        when ${kind} <> 'manual' and frequency <> ${kind} then 'get the ' || frequency || ' edition'
        else 'take a break' end as why
      from subscribers)
    group by why, frequency order by count desc`.execute(db);
  const gets = { daily: 0, weekly: 0 };
  const skipped = new Map<string, number>();
  for (const { why, frequency, count } of rows) {
    if (why === '') gets[frequency] += count;
    else skipped.set(why, (skipped.get(why) ?? 0) + count);
  }
  return { gets, skipped: [...skipped].map(([why, count]) => ({ why, count })) };
}
