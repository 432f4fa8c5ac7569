import { type SqlBool, sql } from 'kysely';
import type { Database } from './database.ts';

/** A domain whose server refuses an edition: its readers wait until then (UTC ms). */
export type Hold = { readonly domain: string; readonly reply: string; readonly until: number };

/** The domains of an edition that were held back, also where that is over. */
export async function holdsOf(db: Database, editionId: number): Promise<readonly Hold[]> {
  return db
    .selectFrom('holds')
    .select(['domain', 'reply', 'until'])
    .where('editionId', '=', editionId)
    .orderBy('domain')
    .execute();
}

/** A domain that is held back, and how many of its readers wait. */
export type HeldBack = Hold & { readonly readers: number };

/** The domains of an edition that are held back as of `now`. */
export async function heldBack(
  db: Database,
  editionId: number,
  now: number,
): Promise<readonly HeldBack[]> {
  const { rows } = await sql<HeldBack>`
    select domain, reply, until, (select count(*) from deliveries
        join subscribers on subscribers.id = subscriber_id
        where edition_id = ${editionId} and state = 'deferred' and due_at > 0
          and address_key like '%@' || domain) as readers
    from holds where edition_id = ${editionId} and until > ${now} order by domain`.execute(db);
  return rows;
}

/** So many subscribers' ids are looked at in one statement, which takes a few ms. */
const range = 5_000;
/** How much later than who was refused the rest of its domain is due, in ms. */
const restLater = 60_000;

/**
 * Holds a domain (lower-cased, A-labels) back: all who wait there are deferred. Who was refused is
 * due first, so that the others are not tried for nothing. In id ranges, and begun anew after a kill.
 */
export async function holdDomain(db: Database, editionId: number, hold: Hold): Promise<void> {
  await db
    .insertInto('holds')
    .values({ editionId, ...hold })
    .onConflict(conflict => conflict.columns(['editionId', 'domain']).doUpdateSet(hold))
    .execute();
  const { domain, until, reply } = hold;
  const last = await lastReader(db, editionId);
  for (let from = 0; from < last; from += range) {
    await sql`
      update deliveries set state = 'deferred', due_at = ${until + restLater},
        reply = ${`its domain refuses us: ${reply}`}
      where edition_id = ${editionId} and subscriber_id > ${from}
        and subscriber_id <= ${from + range} and state in ('queued', 'deferred')
        and due_at < ${until} and subscriber_id in (select id from subscribers
          where id > ${from} and id <= ${from + range} and ${isAt(domain)})`.execute(db);
  }
}

/** Whether an edition goes to readers of other domains than this one, too. */
export async function hasOtherDomain(
  db: Database,
  editionId: number,
  domain: string,
): Promise<boolean> {
  const last = await lastReader(db, editionId);
  for (let from = 0; from < last; from += range) {
    const { rows } = await sql`
      select 1 from subscribers where id > ${from} and id <= ${from + range} and not ${isAt(domain)}
        and exists (select 1 from deliveries
          where edition_id = ${editionId} and subscriber_id = subscribers.id)
      limit 1`.execute(db);
    if (rows.length > 0) return true;
  }
  return false;
}

const isAt = (domain: string) => sql<SqlBool>`(address_key like ${`%@${domain}`})`;

async function lastReader(db: Database, editionId: number): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select(eb => eb.fn.max('subscriberId').as('id'))
    .where('editionId', '=', editionId)
    .executeTakeFirst();
  return row?.id ?? 0;
}
