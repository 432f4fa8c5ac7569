import { Hono } from 'hono';
import { latestPublicId } from '../../store/archive.ts';
import { getEdition, type StoredEdition } from '../../store/editions.ts';
import { safeHeaders } from '../plumbing/middleware.ts';
import {
  caching,
  createPageCache,
  namesEtag,
  type SlottedPage,
  slottedPage,
  spliced,
} from '../plumbing/page-cache.ts';
import type { Site, WebParts } from '../plumbing/pages.ts';
import { hrefOf, wholeEdition } from './edition.ts';
import { createStamps } from './stamp.ts';

/** A browser that keeps the page has its stamp renewed after this long, well before it is void; in ms. */
const stampRenewed = 12 * 3_600_000;

/** The first page is one page: what it shows of before is let go. */
const capacity = 512 * 1024;

/**
 * The latest edition under the sign-up form. It is made once per edition; a request costs the
 * question which one is the latest, and the form's stamp.
 */
export function homeRoutes({ reader, runtime, pages, site, suppressionKey }: WebParts): Hono {
  const stamps = createStamps(suppressionKey);
  // Random: no paper's title can be it.
  const mark = runtime.random(12).toString('hex');
  const cache = createPageCache<SlottedPage>(capacity);
  const make = async (id: number | null) => {
    const latest = id === null ? null : await getEdition(reader, id);
    const page = pages.fill('home', viewHome(latest, mark, site));
    return site.signUp ? slottedPage(page, mark) : slottedPage(`${page}${mark}`, mark);
  };
  const latestId = sharedByTurn(() => latestPublicId(reader));
  // Plain, and whole: what goes through the middleware of all pages takes twice as long.
  const safe = {
    ...safeHeaders(site.base),
    'content-type': 'text/html; charset=utf-8',
    'cache-control': caching.publicPage,
  };
  const stampedAt = stamping(site.signUp ? now => stamps.make(now) : () => '');
  return new Hono().get('/', async context => {
    const id = await latestId();
    const page = await cache.remember(`${id}`, () => make(id));
    const etag = page.etag.replace(/"$/, `.${Math.floor(runtime.now() / stampRenewed)}"`);
    const headers = { ...safe, etag };
    if (namesEtag(context.req.header('if-none-match') ?? '', etag)) {
      return new Response(null, { status: 304, headers });
    }
    return new Response(stampedAt(page, runtime.now()) as Buffer<ArrayBuffer>, { headers });
  });
}

/** The latest edition, null before the first, under a form that was not sent yet. */
export function viewHome(
  latest: Pick<StoredEdition, 'content' | 'key'> | null,
  stamp: string,
  { base, promise }: Site,
) {
  return {
    indexed: base !== null,
    front: true,
    description: promise,
    canonical: base && `${base}/`,
    stamp,
    address: '',
    weekly: false,
    problem: null,
    shown: latest && wholeEdition(latest.content),
    href: latest && hrefOf({ ...latest.content, key: latest.key }),
  };
}

/** Fills a page's slot once a second: the same bytes are sent again faster than new ones. */
function stamping(stamp: (now: number) => string): (page: SlottedPage, now: number) => Buffer {
  let last: { page: SlottedPage; second: number; bytes: Buffer } | null = null;
  return (page, now) => {
    const second = Math.floor(now / 1000);
    if (last?.page !== page || last.second !== second) {
      last = { page, second, bytes: spliced(page, stamp(second * 1000)) };
    }
    return last.bytes;
  };
}

/** Asks once for all who ask in the same turn of the event loop. */
function sharedByTurn<Result>(ask: () => Promise<Result>): () => Promise<Result> {
  let asked: Promise<Result> | null = null;
  return () => {
    if (asked) return asked;
    asked = ask();
    setImmediate(() => {
      asked = null;
    });
    return asked;
  };
}
