import { etagOf } from './etag.ts';

/** A page as bytes, with its entity-tag. */
export type ReadyPage = { readonly bytes: Buffer; readonly etag: string };

/** A page with one slot that every request has filled; the tag is that of all around it. */
export type SlottedPage = {
  readonly before: Buffer;
  readonly after: Buffer;
  readonly etag: string;
};

/** The page as it is. */
export function readyPage(text: string): ReadyPage {
  const bytes = Buffer.from(text);
  return { bytes, etag: etagOf(bytes) };
}

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
