import { type Context, Hono } from 'hono';
import { editionPath, readEditionPath } from '../../edition/edition.ts';
import { isDay, longDay, longMonth } from '../../lib/day.ts';
import type { ArchivePage, EditionLink } from '../../mail/render/page-views.ts';
import type { Pages } from '../../mail/render/pages.ts';
import {
  type ArchiveRow,
  archiveRows,
  createTitleSearch,
  findPlace,
  type Place,
  placesAround,
  publicAddresses,
  publicPlaces,
} from '../../store/archive.ts';
import type { Database } from '../../store/database.ts';
import { getEdition, type StoredEdition } from '../../store/editions.ts';
import { caching, sendReady } from '../plumbing/etag.ts';
import { createPageCache, type ReadyPage, readyPage } from '../plumbing/page-cache.ts';
import { personalPages } from './personal-links.ts';

/** What the archive is made with. `base`: PUBLIC_URL without a slash at its end, or null. */
export type ArchiveParts = {
  readonly reader: Database;
  readonly pages: Pick<Pages, 'edition' | 'archive' | 'feed'>;
  readonly base: string | null;
};

/** Pages are some 30 kB: the latest hundreds that were looked at. */
const cacheBytes = 16 * 1024 * 1024;
const editionsOnPage = 60;
const editionsInFeed = 20;
const mostFound = 100;
const maxQuery = 200;
const maxWords = 8;
/** What one sitemap may have (sitemaps.org). */
const maxAddresses = 50_000;

/** Addresses that hold a token, or are nobody's business. */
const noRobots = [...personalPages, 'inbox', 'desk'];

/**
 * Past editions: each on a page of its own, all as a list with a search, the newest as a feed; and
 * what search engines ask for. A page that was made before costs two lookups by index.
 */
export function archiveRoutes({ reader, pages, base }: ArchiveParts): Hono {
  const web = new Hono();
  const cache = createPageCache<ReadyPage & { readonly lastModified?: number }>(cacheBytes);
  const search = createTitleSearch(reader);

  web.get('/editions', async context => {
    const query = readQuery(context.req.query('q') ?? '');
    if (query !== '') {
      const rows = await archiveRows(reader, await search(wordsOf(query), mostFound));
      return html(context, readyPage(pages.archive(archivePage(rows, { search: query }))));
    }
    const before = readCursor(context.req.query('before'));
    if (before === undefined) return context.notFound();
    const found = await publicPlaces(reader, { before, limit: editionsOnPage + 1 });
    if (before && found.length === 0) return context.notFound();
    const places = found.slice(0, editionsOnPage);
    const last = found.length > editionsOnPage ? (places.at(-1) ?? null) : null;
    const ids = places.map(({ id }) => id);
    const page = await cache.remember(`archive ${ids} ${last?.id}`, async () =>
      readyPage(pages.archive(archivePage(await archiveRows(reader, ids), { last }))),
    );
    return html(context, page);
  });

  web.get('/editions/:path', async context => {
    const address = readEditionPath(context.req.param('path'));
    const place = address && (await findPlace(reader, address));
    if (!place) return context.notFound();
    const { earlier, later } = place.public ? await placesAround(reader, place) : unlisted;
    const page = await cache.remember(`${place.id} ${earlier?.id} ${later?.id}`, async () => {
      const edition = await stored(reader, place.id);
      return readyPage(
        pages.edition({
          edition: edition.content,
          path: editionPath(edition, edition.key),
          indexed: place.public,
          earlier: await linkTo(reader, earlier),
          later: await linkTo(reader, later),
        }),
      );
    });
    return html(context, page);
  });

  web.get('/feed.xml', async context => {
    if (base === null) return context.notFound();
    const places = await publicPlaces(reader, { before: null, limit: editionsInFeed });
    const page = await cache.remember(`feed ${places.map(({ id }) => id)}`, async () => {
      const editions = await Promise.all(places.map(({ id }) => stored(reader, id)));
      const lastModified = Math.max(0, ...editions.map(({ createdAt }) => createdAt));
      const entries = editions.map(edition => ({
        edition: edition.content,
        path: editionPath(edition, edition.key),
        updated: instant(edition.createdAt),
      }));
      const feed = pages.feed({ base, updated: instant(lastModified), entries });
      return { ...readyPage(feed), lastModified };
    });
    const type = 'application/atom+xml; charset=utf-8';
    return sendReady(context, { ...page, type, caching: caching.publicPage });
  });

  web.get('/sitemap.xml', async context => {
    if (base === null) return context.notFound();
    const addresses = await publicAddresses(reader, maxAddresses - 2);
    const page = readyPage(sitemap(base, addresses));
    const type = 'application/xml; charset=utf-8';
    return sendReady(context, { ...page, type, caching: caching.hour });
  });

  web.get('/robots.txt', context => {
    const lines = ['User-agent: *', ...noRobots.map(name => `Disallow: /${name}/`)];
    const text = [...lines, ...(base ? ['', `Sitemap: ${base}/sitemap.xml`] : []), ''].join('\n');
    return context.text(text, 200, { 'cache-control': caching.hour });
  });
  return web;
}

const unlisted = { earlier: null, later: null };

function html(context: Context, page: ReadyPage): Response {
  const type = 'text/html; charset=utf-8';
  return sendReady(context, { ...page, type, caching: caching.publicPage });
}

async function stored(db: Database, id: number): Promise<StoredEdition> {
  const edition = await getEdition(db, id);
  if (!edition) throw new Error(`edition ${id} is gone`);
  return edition;
}

/** RFC 3339. */
const instant = (ms: number) => new Date(ms).toISOString();

/** One line of text, cut where it is longer than the form lets it be. */
function readQuery(text: string): string {
  return text
    .slice(0, maxQuery)
    .replace(/\p{Cc}/gu, ' ')
    .trim();
}

/** More words than eight find nothing that these do not. */
function wordsOf(query: string): readonly string[] {
  return [...new Set(query.split(/\s+/))].slice(0, maxWords);
}

/** `2025-09-03.12`: the list goes on after this edition. Undefined where it is no such thing. */
function readCursor(text: string | undefined): Place | null | undefined {
  if (text === undefined) return null;
  const [, date = '', id] = /^([\d-]{10})\.(\d{1,15})$/.exec(text) ?? [];
  return isDay(date) ? { date, id: Number(id) } : undefined;
}

/** `last`: the last edition on the page, where older ones follow. */
function archivePage(
  rows: readonly ArchiveRow[],
  { search = '', last = null }: { readonly search?: string; readonly last?: Place | null },
): ArchivePage {
  const months = new Set(rows.map(({ date }) => longMonth(date)));
  return {
    search,
    months: [...months].map(label => ({
      label,
      editions: rows
        .filter(({ date }) => longMonth(date) === label)
        .map(row => ({ ...row, path: editionPath(row, row.key) })),
    })),
    older: last && `/editions?before=${last.date}.${last.id}`,
  };
}

async function linkTo(db: Database, place: Place | null): Promise<EditionLink | null> {
  const [row] = place ? await archiveRows(db, [place.id]) : [];
  return row ? { path: editionPath(row, row.key), label: labelOf(row) } : null;
}

function labelOf(row: ArchiveRow): string {
  switch (row.kind) {
    case 'daily':
      return longDay(row.date);
    case 'weekly':
      return editionPath(row, row.key).replace(/^(\d+)-W0?(\d+)$/, 'Week $2 of $1');
    case 'manual':
      return row.subject;
  }
}

function sitemap(base: string, rows: Awaited<ReturnType<typeof publicAddresses>>): string {
  const urls = [
    ...['/', '/editions'].map(path => ({ path, date: rows[0]?.date })),
    ...rows.map(row => ({ path: `/editions/${editionPath(row, row.key)}`, date: row.date })),
  ].map(({ path, date }) => {
    const changed = date ? `<lastmod>${date}</lastmod>` : '';
    return `<url><loc>${escapeXml(base + path)}</loc>${changed}</url>\n`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('')}</urlset>\n`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? '');
}
