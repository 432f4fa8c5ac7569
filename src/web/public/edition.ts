import { Hono } from 'hono';
import {
  type Edition,
  type EditionIdentity,
  editionPath,
  readEditionPath,
} from '../../edition/edition.ts';
import { longDay } from '../../lib/day.ts';
import { extentAt } from '../../mail/render/budget.ts';
import { editionViewer } from '../../mail/render/view.ts';
import {
  archiveRows,
  type EditionPlace,
  findPlace,
  placesAround,
  publicPlaces,
} from '../../store/archive.ts';
import type { Database } from '../../store/database.ts';
import { getEdition, type StoredEdition } from '../../store/editions.ts';
import {
  caching,
  createPageCache,
  type ReadyPage,
  readyPage,
  sendReady,
} from '../plumbing/page-cache.ts';
import type { Pages, Site } from '../plumbing/pages.ts';

/** What pages of editions are made with. */
export type ArchiveParts = {
  readonly reader: Database;
  readonly pages: Pick<Pages, 'fill'>;
  readonly site: Pick<Site, 'base'>;
};

/** Pages are some 30 kB: the latest hundreds that were looked at. */
const cacheBytes = 16 * 1024 * 1024;
const editionsInFeed = 20;

/**
 * Each edition on a page of its own, the newest as a feed. A page that was made before costs two
 * lookups by index.
 */
export function editionRoutes({ reader, pages, site: { base } }: ArchiveParts): Hono {
  const web = new Hono();
  const cache = createPageCache<ReadyPage>(cacheBytes);

  web.get('/editions/:path', async context => {
    const address = readEditionPath(context.req.param('path'));
    const place = address && (await findPlace(reader, address));
    if (!place) return context.notFound();
    const { earlier, later } = place.public ? await placesAround(reader, place) : unlisted;
    const page = await cache.remember(`${place.id} ${earlier?.id} ${later?.id}`, async () => {
      const { content, key } = await stored(reader, place.id);
      const around = {
        href: hrefOf({ ...content, key }),
        indexed: place.public,
        earlier: await linkTo(reader, earlier),
        later: await linkTo(reader, later),
      };
      return readyPage(pages.fill('edition', viewEdition(content, around, base)));
    });
    return sendReady(context, page, 'text/html', caching.publicPage);
  });

  web.get('/feed.xml', async context => {
    if (base === null) return context.notFound();
    const places = await publicPlaces(reader, { before: null, limit: editionsInFeed });
    const page = await cache.remember(`feed ${places.map(({ id }) => id)}`, async () => {
      const editions = await Promise.all(places.map(({ id }) => stored(reader, id)));
      const lastModified = Math.max(0, ...editions.map(({ createdAt }) => createdAt));
      return readyPage(feedOf(editions, lastModified, base, pages), lastModified);
    });
    return sendReady(context, page, 'application/atom+xml', caching.publicPage);
  });
  return web;
}

const unlisted = { earlier: null, later: null };

async function stored(db: Database, id: number): Promise<StoredEdition> {
  const edition = await getEdition(db, id);
  if (!edition) throw new Error(`edition ${id} is gone`);
  return edition;
}

/** Where an edition's page is, below this site. */
export function hrefOf(edition: EditionIdentity): string {
  return `/editions/${editionPath(edition, edition.key)}`;
}

async function linkTo(db: Database, place: EditionPlace | null): Promise<LabelledLink | null> {
  const [row] = place ? await archiveRows(db, [place.id]) : [];
  return row ? { href: hrefOf(row), label: labelOf(row) } : null;
}

function labelOf(row: EditionIdentity & { readonly subject: string }): string {
  switch (row.kind) {
    case 'daily':
      return longDay(row.date);
    case 'weekly':
      return editionPath(row, row.key).replace(/^(\d+)-W0?(\d+)$/, 'Week $2 of $1');
    case 'manual':
      return row.subject;
  }
}

/** All of an edition, whatever its size. */
export function wholeEdition(edition: Edition) {
  const whole = { picks: edition.picks.length, also: edition.also.length };
  return { ...editionViewer(edition)(extentAt(0, whole)), weekly: edition.kind === 'weekly' };
}

/** Where an edition's page is, whether search engines may list it, and the pages next to it. */
type Around = {
  readonly href: string;
  readonly indexed: boolean;
  readonly earlier: LabelledLink | null;
  readonly later: LabelledLink | null;
};

type LabelledLink = { readonly href: string; readonly label: string };

/** An edition's own page. */
export function viewEdition(edition: Edition, { href, ...around }: Around, base: string | null) {
  const view = wholeEdition(edition);
  return {
    ...view,
    ...around,
    front: false,
    description: view.preheader,
    canonical: base && `${base}${href}`,
    neighbours: around.earlier !== null || around.later !== null,
  };
}

/** The editions as a feed; `updated` in UTC ms. A feed needs absolute addresses. */
export function feedOf(
  editions: readonly Pick<StoredEdition, 'content' | 'key' | 'createdAt'>[],
  updated: number,
  base: string,
  pages: Pick<Pages, 'fill'>,
): string {
  const entries = editions.map(({ content, key, createdAt }) => {
    const view = wholeEdition(content);
    return {
      subject: view.subject,
      preheader: view.preheader,
      updated: instant(createdAt),
      address: base + hrefOf({ ...content, key }),
      content: pages.fill('papers', view),
    };
  });
  const [home, self] = [`${base}/`, `${base}/feed.xml`];
  return xmlText(pages.fill('feed.xml', { home, self, updated: instant(updated), entries }));
}

/** RFC 3339. */
const instant = (ms: number) => new Date(ms).toISOString();

/** `text` without what XML cannot hold, escaped or not (XML 1.0 §2.2): control characters and such. */
function xmlText(text: string): string {
  return text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}
