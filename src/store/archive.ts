import { setImmediate } from 'node:timers/promises';
import { CompiledQuery, sql } from 'kysely';
import type { EditionAddress, EditionKind } from '../edition/edition.ts';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';

/** Where an edition stands in the archive, which is in the order of days, then ids. */
export type EditionPlace = { readonly id: number; readonly date: Day };

/** What the archive says of an edition. `titles`: its picks', the lead first. */
export type ArchiveRow = EditionPlace & {
  readonly kind: EditionKind;
  readonly key: string;
  readonly subject: string;
  readonly titles: readonly string[];
};

// Written out, and not as values: only so the index of public editions is used.
const isPublic = sql`public = 1 and status <> 'cancelled'`;

/** Which edition is the latest that anybody may see. Asked for with every first page: written out. */
const latestSql = CompiledQuery.raw(`
  select id from editions where public = 1 and status <> 'cancelled'
  order by date desc, id desc limit 1`);

/** The id of the latest edition that anybody may see; null where there is none. */
export async function latestPublicId(db: Database): Promise<number | null> {
  const { rows } = await db.executeQuery<{ id: number }>(latestSql);
  return rows[0]?.id ?? null;
}

/** Public editions, newest first, at most `limit`; with `before` those that are older than it. */
export async function publicPlaces(
  db: Database,
  { before, limit }: { readonly before: EditionPlace | null; readonly limit: number },
): Promise<readonly EditionPlace[]> {
  const older = before ? sql`and (date, id) < (${before.date}, ${before.id})` : sql``;
  const { rows } = await sql<EditionPlace>`
    select id, date from editions where ${isPublic} ${older}
    order by date desc, id desc limit ${limit}`.execute(db);
  return rows;
}

/** The public editions before and after this place. */
export async function placesAround(
  db: Database,
  place: EditionPlace,
): Promise<{ readonly earlier: EditionPlace | null; readonly later: EditionPlace | null }> {
  const [earlier = null] = await publicPlaces(db, { before: place, limit: 1 });
  const { rows } = await sql<EditionPlace>`
    select id, date from editions
    where ${isPublic} and (date, id) > (${place.date}, ${place.id})
    order by date, id limit 1`.execute(db);
  return { earlier, later: rows[0] ?? null };
}

/** The edition at an address, listed or not; of several the newest. Null where none is out. */
export async function findPlace(
  db: Database,
  address: EditionAddress,
): Promise<(EditionPlace & { readonly public: boolean }) | null> {
  const { rows } = await sql<EditionPlace & { public: 0 | 1 }>`
    select id, date, public from editions
    where status not in ('cancelled', 'draft', 'scheduled') and ${isAt(address)}
    order by date desc, id desc limit 1`.execute(db);
  const [row] = rows;
  return row ? { ...row, public: row.public === 1 } : null;
}

function isAt(address: EditionAddress) {
  switch (address.kind) {
    case 'daily':
      return sql`kind = 'daily' and date = ${address.date}`;
    case 'weekly':
      return sql`kind = 'weekly' and date between ${address.from} and ${address.to}`;
    case 'manual':
      // A copy that was sent again has a number after the key.
      return sql`kind = 'manual' and (key = ${address.key} or key like ${`${address.key}-%`})`;
  }
}

/** What the archive says of these editions, newest first. */
export async function archiveRows(
  db: Database,
  ids: readonly number[],
): Promise<readonly ArchiveRow[]> {
  const { rows } = await sql<Omit<ArchiveRow, 'titles'> & { titles: string }>`
    select id, date, kind, key, subject,
      (select json_group_array(title) from
        (select paper ->> 'title' as title from picks where edition_id = editions.id order by position)
      ) as titles
    from editions
    where id in (select cast(value as integer) from json_each(${JSON.stringify(ids)}))
    order by date desc, id desc`.execute(db);
  return rows.map(row => ({ ...row, titles: JSON.parse(row.titles) }));
}

/** What a sitemap says of all public editions, newest first, at most `limit`. */
export async function publicAddresses(
  db: Database,
  limit: number,
): Promise<readonly Omit<ArchiveRow, 'titles' | 'subject'>[]> {
  const { rows } = await sql<Omit<ArchiveRow, 'titles' | 'subject'>>`
    select id, date, kind, key from editions where ${isPublic}
    order by date desc, id desc limit ${limit}`.execute(db);
  return rows;
}

/** Finds the public editions, newest first, of which the subject or one title has all words. */
export type TitleSearch = (words: readonly string[], limit: number) => Promise<readonly number[]>;

/** Of more editions than there will be, since SQL has no word for all. */
const all = 1_000_000;
/**
 * A search that reads each edition's titles once and keeps them, about a kilobyte each: they never
 * change, and to take them out of the picks' JSON takes a hundred times as long as to look through
 * them. Large and small letters are the same, in every script.
 * @param batch how many editions one statement reads: some milliseconds.
 */
export function createTitleSearch(db: Database, batch = 100): TitleSearch {
  const texts = new Map<number, string>();
  const read = async (ids: readonly number[]) => {
    for (let from = 0; from < ids.length; from += batch) {
      for (const { id, subject, titles } of await archiveRows(db, ids.slice(from, from + batch))) {
        texts.set(id, folded([subject, ...titles].join('\n')));
      }
      // The driver is synchronous: others get their turn in between.
      await setImmediate();
    }
  };
  return async (words, limit) => {
    const ids = (await publicPlaces(db, { before: null, limit: all })).map(({ id }) => id);
    await read(ids.filter(id => !texts.has(id)));
    const wanted = words.map(folded);
    const found: number[] = [];
    for (const id of ids) {
      if (found.length === limit) break;
      if (hasLineWith(wanted, texts.get(id) ?? '')) found.push(id);
    }
    return found;
  };
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function hasLineWith(words: readonly string[], text: string): boolean {
  const has = (line: string) => words.every(word => line.includes(word));
  return has(text) && text.split('\n').some(has);
}
