import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import {
  refuseOddPaths,
  refuseOthers,
  securityHeaders,
} from '../../../src/web/plumbing/middleware.ts';

function aWeb({ https = true } = {}): Hono {
  const web = new Hono();
  web.use(securityHeaders(https ? 'https://x.test' : 'http://x.test'));
  web.use(refuseOddPaths(status => `odd ${status}`));
  web.notFound(refuseOthers(web, status => `no ${status}`));
  web.onError((_error, context) => context.text('broken', 500));
  web.get('/', context => context.html('home'));
  web.get('/own', context =>
    context.html('own', 200, { 'content-security-policy': 'sandbox', 'cache-control': 'public' }),
  );
  web.get('/broken', () => {
    throw new Error('broken');
  });
  const sub = new Hono();
  sub.get('/:token', context =>
    context.req.param('token') === 'x' ? context.html('ask') : context.notFound(),
  );
  sub.post('/:token', context => context.html('done'));
  web.route('/leave', sub);
  return web;
}

describe('every answer', () => {
  it.each(['/', '/nowhere', '/broken', `/${'x'.repeat(2000)}`, '/%ff'])(
    'has the headers that keep readers safe: %s',
    async path => {
      const { headers } = await aWeb().request(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'self'/),
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'cache-control': 'no-store',
      });
    },
  );

  it('allows no script and no inline style', async () => {
    const { headers } = await aWeb().request('/');
    expect(headers.get('content-security-policy')).not.toMatch(/script-src|unsafe|\*|https?:/);
  });

  it('may have a policy and a cache of its own', async () => {
    const { headers } = await aWeb().request('/own');
    expect(headers.get('content-security-policy')).toBe('sandbox');
    expect(headers.get('cache-control')).toBe('public');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('asks nobody to stay with https who did not come by it', async () => {
    const { headers } = await aWeb({ https: false }).request('/');
    expect(headers.has('strict-transport-security')).toBe(false);
  });
});

describe('an address', () => {
  it('may have 2,000 characters with its query', async () => {
    const status = async (path: string) => (await aWeb().request(path)).status;
    expect(await status(`/?${'q'.repeat(1999)}`)).toBe(200);
    expect(await status(`/?${'q'.repeat(2000)}`)).toBe(414);
    expect(await status(`/${'x'.repeat(1999)}`)).toBe(404);
    expect(await status(`/${'x'.repeat(2000)}`)).toBe(414);
    expect(await status(`/leave/x?a=b?${'q'.repeat(2000)}`)).toBe(414);
  });

  it.each([
    '/%00',
    '/leave/%00',
    '/leave/x%0d%0ax',
    '/%C2%85',
    '/%ff',
    '/%',
    '/leave/%zz',
    '/%C0%AF',
  ])('is refused where it is none: %s', async path => {
    const answer = await aWeb().request(path);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toBe('odd 400');
  });

  it.each(['/%25', '/..%2f..%2fetc', '/%E2%82%AC', '/a%20b', '//', '/leave', '/?%00', '/?%ff'])(
    'is looked up where it could be one: %s',
    async path => expect((await aWeb().request(path)).status).toBe(path[1] === '?' ? 200 : 404),
  );
});

describe('a method', () => {
  it.each([
    ['POST', '/', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/own', 'GET, HEAD, OPTIONS'],
    ['PUT', '/leave/x', 'GET, HEAD, OPTIONS, POST'],
    ['PROPFIND', '/leave/gone', 'GET, HEAD, OPTIONS, POST'],
  ])('%s is refused at %s, with those there are', async (method, path, allow) => {
    const answer = await aWeb().request(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(await answer.text()).toBe('no 405');
  });

  it('is told to who asks for the options', async () => {
    const answer = await aWeb().request('/leave/x', { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
    expect(await answer.text()).toBe('');
  });

  it.each(['GET', 'POST', 'OPTIONS', 'DELETE'])(
    'does not matter where there is no page: %s',
    async method => {
      const answer = await aWeb().request('/nowhere', { method });
      expect(answer.status).toBe(404);
      expect(answer.headers.has('allow')).toBe(false);
    },
  );

  it('does not matter to a page that found nothing', async () => {
    for (const method of ['GET', 'HEAD']) {
      expect((await aWeb().request('/leave/gone', { method })).status).toBe(404);
    }
  });

  it('HEAD is GET without the content', async () => {
    const [head, get] = await Promise.all(
      ['HEAD', 'GET'].map(method => aWeb().request('/own', { method })),
    );
    expect(head?.status).toBe(200);
    expect(await head?.text()).toBe('');
    expect([...(head?.headers ?? [])]).toEqual([...(get?.headers ?? [])]);
  });
});
