import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { caching, etagOf, namesEtag, sendReady } from '../../../src/web/plumbing/page-cache.ts';

describe('an entity-tag', () => {
  it('is strong, and the same for the same bytes', () => {
    expect(etagOf(Buffer.from('a'))).toMatch(/^"[\w-]{43}"$/);
    expect(etagOf(Buffer.from('a'))).toBe(etagOf(Buffer.from('a')));
    expect(etagOf(Buffer.from('a'))).not.toBe(etagOf(Buffer.from('b')));
  });

  it.each(['"a"', 'W/"a"', '*', ' * ', '"b", "a"', 'W/"b",W/"a"', '"b,c" , "a"'])(
    '"a" is named by %s',
    header => {
      expect(namesEtag(header, '"a"')).toBe(true);
      expect(namesEtag(header, 'W/"a"')).toBe(true);
    },
  );

  it.each(['', 'a', '"b"', '"A"', '"a', '"b"a"c"', 'W/"aa"', '"b", *', '""'])(
    '"a" is not named by %s',
    header => expect(namesEtag(header, '"a"')).toBe(false),
  );
});

describe('bytes that are ready', () => {
  const lastModified = Date.UTC(2025, 8, 3, 8, 0, 0, 500);
  const modified = 'Wed, 03 Sep 2025 08:00:00 GMT';
  const web = new Hono();
  web.get('/', context =>
    sendReady(
      context,
      { bytes: Buffer.from('Grüße'), etag: '"a"', lastModified },
      'text/plain',
      caching.publicPage,
    ),
  );
  const status = async (headers: Record<string, string>) =>
    (await web.request('/', { headers })).status;

  it('are sent with their tag and how long they may be kept', async () => {
    const answer = await web.request('/');
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=60, stale-while-revalidate=600',
      'last-modified': modified,
      etag: '"a"',
    });
    expect(await answer.text()).toBe('Grüße');
  });

  it('are not sent to who has them, but what may be kept is said again', async () => {
    const answer = await web.request('/', { headers: { 'if-none-match': 'W/"a"' } });
    expect(answer.status).toBe(304);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('etag')).toBe('"a"');
    expect(answer.headers.get('cache-control')).toBe(caching.publicPage);
    expect(answer.headers.get('last-modified')).toBe(modified);
  });

  it('are known by their date where no tag is named', async () => {
    expect(await status({ 'if-modified-since': modified })).toBe(304);
    expect(await status({ 'if-modified-since': 'Wed, 03 Sep 2025 07:59:59 GMT' })).toBe(200);
    expect(await status({ 'if-modified-since': 'yesterday' })).toBe(200);
  });

  it('are not known by their date where another tag is named', async () => {
    expect(await status({ 'if-none-match': '"b"', 'if-modified-since': modified })).toBe(200);
  });

  it('are answered to HEAD without the content', async () => {
    const answer = await web.request('/', { method: 'HEAD' });
    expect(answer.headers.get('etag')).toBe('"a"');
    expect(await answer.text()).toBe('');
  });
});
