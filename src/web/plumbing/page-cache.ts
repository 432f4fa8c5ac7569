import { createHash } from 'node:crypto';
import type { Context } from 'hono';

/**
 * How long others may keep what they were given: values of Cache-Control (RFC 9111 §5.2.2). All else
 * is `no-store`.
 */
export const caching = {
  /** Everybody sees the same. A new edition is there within a minute, and nobody waits for it. */
  publicPage: 'public, max-age=60, stale-while-revalidate=600',
  /** What may change with the next version of the program, such as `/style.css`. */
  hour: 'public, max-age=3600',
} as const;

/** A strong entity-tag (RFC 9110 §8.8.3) from the SHA-256 of the bytes. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url')}"`;
}

/**
 * Whether If-None-Match names this entity-tag: `*`, or a list compared weakly (RFC 9110 §13.1.2),
 * since proxies that compress make strong tags weak.
 */
export function namesEtag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return ifNoneMatch.match(/"[^"]*"/g)?.includes(opaque) ?? false;
}

/** A text as bytes that are ready to be sent. `etag` is a tag with its quotes, `lastModified` UTC ms. */
export type ReadyPage = {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly lastModified?: number | undefined;
};

/** The text as it is. */
export function readyPage(text: string, lastModified?: number): ReadyPage {
  const bytes = Buffer.from(text);
  return { bytes, etag: etagOf(bytes), lastModified };
}

/**
 * Sends the text as this type, to be kept as `caching` says; or 304 where the client has it (RFC 9110
 * §15.4.5). For GET and HEAD.
 */
export function sendReady(
  context: Context,
  page: ReadyPage,
  type: string,
  caching: string,
): Response {
  const { bytes, etag, lastModified } = page;
  context.header('etag', etag);
  context.header('cache-control', caching);
  if (lastModified !== undefined) {
    context.header('last-modified', new Date(lastModified).toUTCString());
  }
  if (isKnown(context, page)) return context.body(null, 304);
  context.header('content-type', `${type}; charset=utf-8`);
  return context.body(bytes as Buffer<ArrayBuffer>);
}

/** If-Modified-Since counts only where there is no If-None-Match (RFC 9110 §13.1.3). */
function isKnown(context: Context, { etag, lastModified }: ReadyPage): boolean {
  const tags = context.req.header('if-none-match');
  if (tags !== undefined) return namesEtag(tags, etag);
  const since = Date.parse(context.req.header('if-modified-since') ?? '');
  // The header counts in seconds. What is no date is NaN, and later than nothing.
  return lastModified !== undefined && Math.floor(lastModified / 1000) * 1000 <= since;
}

/** A page with one slot that every request has filled; the tag is that of all around it. */
export type SlottedPage = {
  readonly before: Buffer;
  readonly after: Buffer;
  readonly etag: string;
};

/**
 * The page with a slot where `mark` is. `mark` should be random: a paper whose title holds it
 * would make another slot. The tag is weak (RFC 9110 §8.8.1), since what fills the slot differs.
 * @throws Error where `mark` is not in the page exactly once.
 */
export function slottedPage(text: string, mark: string): SlottedPage {
  const [before, after, ...more] = text.split(mark);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error('a page does not have exactly one slot');
  }
  return {
    before: Buffer.from(before),
    after: Buffer.from(after),
    etag: `W/${etagOf(Buffer.from(before + after))}`,
  };
}

/**
 * The page with its slot filled.
 * @throws Error where the value could be anything but text in an attribute.
 */
export function spliced({ before, after }: SlottedPage, value: string): Buffer {
  if (!/^[\w.~-]*$/.test(value)) throw new Error('a slot takes letters, digits and -._~ only');
  return Buffer.concat([before, Buffer.from(value), after]);
}

/** Pages that were made once, by a key that says all they depend on. */
export type PageCache<Page> = {
  /** The page of this key; made where it is not there, once for all who ask meanwhile. */
  remember(key: string, make: () => Page | Promise<Page>): Promise<Page>;
};

/**
 * Keeps pages of together at most `capacity` bytes; those that were not asked for the longest go
 * first. A page that cannot be made is not remembered, and its error goes to all who asked.
 */
export function createPageCache<Page extends ReadyPage | SlottedPage>(
  capacity: number,
): PageCache<Page> {
  // In the order of their last use: a Map lists its keys as they were set.
  const pages = new Map<string, Page>();
  const making = new Map<string, Promise<Page>>();
  let size = 0;

  const keep = (key: string, page: Page) => {
    if (sizeOf(page) > capacity) return page;
    pages.set(key, page);
    size += sizeOf(page);
    for (const [oldest, old] of pages) {
      if (size <= capacity) break;
      pages.delete(oldest);
      size -= sizeOf(old);
    }
    return page;
  };

  return {
    async remember(key, make) {
      const known = pages.get(key);
      if (known) {
        pages.delete(key);
        pages.set(key, known);
        return known;
      }
      const made =
        making.get(key) ??
        Promise.resolve()
          .then(make)
          .then(page => keep(key, page))
          .finally(() => making.delete(key));
      making.set(key, made);
      return made;
    },
  };
}

function sizeOf(page: ReadyPage | SlottedPage): number {
  return 'bytes' in page ? page.bytes.length : page.before.length + page.after.length;
}
