import { Hono } from 'hono';
import { isDay, longDay, longMonth } from '../../lib/day.ts';
import { escapeHtml } from '../../mail/render/escape.ts';
import {
  type ArchiveRow,
  archiveRows,
  createTitleSearch,
  type EditionPlace,
  publicAddresses,
  publicPlaces,
} from '../../store/archive.ts';
import { personalPages } from '../plumbing/middleware.ts';
import {
  caching,
  createPageCache,
  type ReadyPage,
  readyPage,
  sendReady,
} from '../plumbing/page-cache.ts';
import { type ArchiveParts, hrefOf } from './edition.ts';

/** Some pages of the list; most visitors see the first. */
const cacheBytes = 1024 * 1024;
const editionsOnPage = 60;
const mostFound = 100;
const maxQuery = 200;
const maxWords = 8;
const titlesShown = 3;
/** What one sitemap may have (sitemaps.org). */
const maxAddresses = 50_000;

/** Addresses that hold a token, or are nobody's business. */
const noRobots = [...personalPages, 'inbox', 'desk'];

/** All past editions as a list with a search, and what search engines ask for. */
export function archiveRoutes({ reader, pages, site: { base } }: ArchiveParts): Hono {
  const web = new Hono();
  const cache = createPageCache<ReadyPage>(cacheBytes);
  const search = createTitleSearch(reader);
  const make = async (ids: readonly number[], more: More) =>
    readyPage(pages.fill('archive', viewArchive(await archiveRows(reader, ids), more, base)));

  web.get('/editions', async context => {
    const send = (page: ReadyPage) => sendReady(context, page, 'text/html', caching.publicPage);
    const query = readQuery(context.req.query('q') ?? '');
    if (query !== '') {
      return send(await make(await search(wordsOf(query), mostFound), { search: query }));
    }
    const before = readCursor(context.req.query('before'));
    if (before === undefined) return context.notFound();
    const found = await publicPlaces(reader, { before, limit: editionsOnPage + 1 });
    if (before && found.length === 0) return context.notFound();
    const places = found.slice(0, editionsOnPage);
    const last = found.length > editionsOnPage ? (places.at(-1) ?? null) : null;
    const ids = places.map(({ id }) => id);
    return send(await cache.remember(`${ids} ${last?.id}`, () => make(ids, { last })));
  });

  web.get('/sitemap.xml', async context => {
    if (base === null) return context.notFound();
    const page = readyPage(sitemap(base, await publicAddresses(reader, maxAddresses - 2)));
    return sendReady(context, page, 'application/xml', caching.hour);
  });

  web.get('/robots.txt', context => {
    const lines = ['User-agent: *', ...noRobots.map(name => `Disallow: /${name}/`)];
    const text = [...lines, ...(base ? ['', `Sitemap: ${base}/sitemap.xml`] : []), ''].join('\n');
    return context.text(text, 200, { 'cache-control': caching.hour });
  });
  return web;
}

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
function readCursor(text: string | undefined): EditionPlace | null | undefined {
  if (text === undefined) return null;
  const [, date = '', id] = /^([\d-]{10})\.(\d{1,15})$/.exec(text) ?? [];
  return isDay(date) ? { date, id: Number(id) } : undefined;
}

/** What was searched for; or the last edition on the page, where older ones follow. */
type More = { readonly search?: string; readonly last?: EditionPlace | null };

/** The editions by month. */
export function viewArchive(
  rows: readonly ArchiveRow[],
  { search = '', last = null }: More,
  base: string | null,
) {
  const months = new Set(rows.map(({ date }) => longMonth(date)));
  return {
    indexed: base !== null && search === '',
    search,
    months: [...months].map(label => ({
      label,
      editions: rows
        .filter(({ date }) => longMonth(date) === label)
        .map(row => viewEntry(row, search)),
    })),
    older: last && `/editions?before=${last.date}.${last.id}`,
  };
}

/** An entry says which of its titles were searched for, or else the first of them. */
function viewEntry(row: ArchiveRow, search: string) {
  const { kind, date, subject, titles } = row;
  const lead = subject.replace(/…$/, '');
  const others = titles.filter(title => !subject.includes(title) && !title.startsWith(lead));
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = others.filter(title => words.some(word => title.toLowerCase().includes(word)));
  const shown = (found.length ? found : others).slice(0, titlesShown);
  return {
    href: hrefOf(row),
    weekly: kind === 'weekly',
    date,
    weekday: shortDay(date),
    subject,
    titles: shown,
    more: others.length - shown.length,
  };
}

/** `Wed 3`: the month stands above. */
function shortDay(date: string): string {
  const [weekday = '', day = ''] = longDay(date).split(/,? /);
  return `${weekday.slice(0, 3)} ${day}`;
}

function sitemap(base: string, rows: Awaited<ReturnType<typeof publicAddresses>>): string {
  const urls = [
    ...['/', '/editions'].map(path => ({ path, date: rows[0]?.date })),
    ...rows.map(row => ({ path: hrefOf(row), date: row.date })),
  ].map(({ path, date }) => {
    const changed = date ? `<lastmod>${date}</lastmod>` : '';
    return `<url><loc>${escapeHtml(base + path)}</loc>${changed}</url>\n`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('')}</urlset>\n`;
}
