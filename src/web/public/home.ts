import { Hono } from 'hono';
import { editionPath } from '../../edition/edition.ts';
import { latestPublicId } from '../../store/archive.ts';
import { getEdition } from '../../store/editions.ts';
import { caching, namesEtag } from '../plumbing/etag.ts';
import { safeHeaders } from '../plumbing/headers.ts';
import { createPageCache, type SlottedPage, slottedPage, spliced } from '../plumbing/page-cache.ts';
import type { WebParts } from '../plumbing/parts.ts';
import { stampsOf } from './sign-up.ts';

/** A browser that keeps the page has its stamp renewed after this long, well before it is void; in ms. */
const stampRenewed = 12 * 3_600_000;

/** The first page is one page: what it shows of before is let go. */
const capacity = 512 * 1024;

/**
 * The latest edition under the sign-up form. It is made once per edition; a request costs the
 * question which one is the latest, and the form's stamp.
 */
export function homePage({ reader, runtime, pages, ...parts }: WebParts): Hono {
  const stamps = stampsOf(parts);
  // Random: no paper's title can be it.
  const mark = runtime.random(12).toString('hex');
  const cache = createPageCache<SlottedPage>(capacity);
  const make = async (id: number | null) => {
    const latest = id === null ? null : await getEdition(reader, id);
    const form = { stamp: mark, address: '', frequency: 'daily', problem: null } as const;
    const page = pages.home({
      edition: latest?.content ?? null,
      path: latest && editionPath(latest.content, latest.key),
      form,
    });
    return parts.signUp ? slottedPage(page, mark) : slottedPage(`${page}${mark}`, mark);
  };
  const latestId = sharedByTurn(() => latestPublicId(reader));
  // Plain, and whole: what goes through the middleware of all pages takes twice as long.
  const safe = {
    ...safeHeaders({ https: parts.base?.startsWith('https:') === true }),
    'content-type': 'text/html; charset=utf-8',
    'cache-control': caching.publicPage,
  };
  const stampedAt = stamping(parts.signUp ? now => stamps.make(now) : () => '');
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
