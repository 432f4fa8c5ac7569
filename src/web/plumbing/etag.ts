import { createHash } from 'node:crypto';
import type { Context } from 'hono';

/** How long others may keep what they were given: values of Cache-Control (RFC 9111 §5.2.2). */
export const caching = {
  /** Everybody sees the same. A new edition is there within a minute, and nobody waits for it. */
  publicPage: 'public, max-age=60, stale-while-revalidate=600',
  /** Pages with a token in their address, or somebody's data on them (the default here). */
  never: 'no-store',
  /** What may change with the next version of the program, such as `/style.css`. */
  hour: 'public, max-age=3600',
  /** What has its content's hash in its address (RFC 8246). */
  forEver: 'public, max-age=31536000, immutable',
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

/** Bytes that are ready to be sent. `etag` is a tag with its quotes, `lastModified` UTC ms. */
export type Ready = {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly type: string;
  readonly caching: string;
  readonly lastModified?: number;
};

/** Sends the bytes, or 304 where the client has them (RFC 9110 §15.4.5). For GET and HEAD. */
export function sendReady(context: Context, ready: Ready): Response {
  const headers: Record<string, string> = { etag: ready.etag, 'cache-control': ready.caching };
  if (ready.lastModified !== undefined) {
    headers['last-modified'] = new Date(ready.lastModified).toUTCString();
  }
  if (isKnown(context, ready)) return context.body(null, 304, headers);
  // A view on the same bytes, of the narrower type that is asked for.
  const bytes = Buffer.from(ready.bytes.buffer, ready.bytes.byteOffset, ready.bytes.byteLength);
  return context.body(bytes as Buffer<ArrayBuffer>, 200, {
    ...headers,
    'content-type': ready.type,
  });
}

/** If-Modified-Since counts only where there is no If-None-Match (RFC 9110 §13.1.3). */
function isKnown(context: Context, { etag, lastModified }: Ready): boolean {
  const tags = context.req.header('if-none-match');
  if (tags !== undefined) return namesEtag(tags, etag);
  const since = Date.parse(context.req.header('if-modified-since') ?? '');
  // The header counts in seconds. What is no date is NaN, and later than nothing.
  return lastModified !== undefined && Math.floor(lastModified / 1000) * 1000 <= since;
}
