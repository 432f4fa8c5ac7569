import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../../src/web/plumbing/server.ts';
import { startApp } from '../../support/app.ts';
import { aDesk, anOpenDesk, aroundDesk, cookieOf } from '../../support/desk.ts';
import { hours } from '../../support/runtime.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { webOf } from '../../support/web.ts';

const password = 'correct horse battery';
const base = 'https://news.example.org';
const withPassword = { DESK_PASSWORD: password };

/** A guess from a browser at `peer`. */
async function guess(desk: ReturnType<typeof aDesk>, text: string, peer: string) {
  return desk.ask('/desk/login', {
    method: 'POST',
    peer,
    headers: {
      host: 'news.example.org',
      origin: base,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ password: text }).toString(),
  });
}

describe('the desk without a password', () => {
  it('opens by the key that was printed, once; then by the cookie', async () => {
    const desk = aDesk(await startApp());
    const opened = await desk.ask(`/desk?key=${desk.key}`);
    expect(opened.status).toBe(303);
    expect(opened.headers.get('set-cookie')).toMatch(/^desk=[\w-]{32};.*HttpOnly; SameSite=Strict/);
    const cookie = cookieOf(opened) ?? '';
    expect((await desk.ask('/desk', { headers: { cookie } })).status).toBe(200);
    expect((await desk.ask(`/desk?key=${desk.key}`)).status).toBe(401);
  });

  it('takes the key also from a browser that is known, so that it opens nothing later', async () => {
    const app = await startApp();
    const { cookie } = await anOpenDesk(app);
    const again = aDesk(app);
    const known = await again.ask(`/desk?key=${again.key}`, { headers: { cookie } });
    expect([known.status, known.headers.get('location')]).toEqual([303, '/desk']);
    expect((await again.ask(`/desk?key=${again.key}`)).status).toBe(401);
  });

  it('is not opened by a HEAD, a wrong key or none', async () => {
    const desk = aDesk(await startApp());
    const tries = [
      await desk.ask(`/desk?key=${desk.key}`, { method: 'HEAD' }),
      await desk.ask('/desk?key=x'),
      await desk.ask('/desk'),
      await desk.ask(`/desk/calendar?key=${desk.key}`),
    ];
    expect(tries.map(cookieOf)).toEqual([null, null, null, null]);
    expect(tries.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect((await desk.ask(`/desk?key=${desk.key}`)).status).toBe(303);
  });

  it.each([
    ['another host', { host: 'evil.test:3000' }],
    ['a host that begins like ours', { host: 'localhost.evil.test' }],
    ['a proxy’s X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
    ['a proxy’s X-Forwarded-Proto', { 'x-forwarded-proto': 'https' }],
    ['Forwarded', { forwarded: 'for=127.0.0.1' }],
    ['Via', { via: '1.1 proxy' }],
  ])('is not there with %s, whoever has the cookie', async (_, more: Record<string, string>) => {
    const { ask, headers } = await anOpenDesk(await startApp());
    expect((await ask('/desk', { headers })).status).toBe(200);
    expect((await ask('/desk', { headers: { ...headers, ...more } })).status).toBe(404);
  });

  it.each(['192.0.2.1', '10.0.0.1', '::ffff:192.0.2.1', '2001:db8::1', ''])(
    'is not there for a peer elsewhere: %s',
    async peer => {
      const { ask, headers } = await anOpenDesk(await startApp());
      expect((await ask('/desk', { headers, peer })).status).toBe(404);
    },
  );

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('is there for %s', async peer => {
    const { ask, headers } = await anOpenDesk(await startApp());
    const hosts = ['localhost:3000', '[::1]:3000', '127.0.0.1'];
    const answers = await Promise.all(
      hosts.map(host => ask('/desk', { headers: { ...headers, host }, peer })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('is not there past a real proxy on this machine', async () => {
    const app = await startApp();
    const around = aroundDesk(app);
    const server = await startServer(webOf(app, { desk: around }), '127.0.0.1', 0);
    onTestFinished(() => server.close());
    const proxy = createServer((incoming, answer) => {
      const { url = '/', method, headers } = incoming;
      const forwarded = { ...headers, 'x-forwarded-for': incoming.socket.remoteAddress };
      const to = { port: server.port, host: '127.0.0.1', path: url, method, headers: forwarded };
      incoming.pipe(
        request(to, response => {
          answer.writeHead(response.statusCode ?? 500, response.headers);
          response.pipe(answer);
        }),
      );
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const path = `/desk?key=${around.key.text}`;
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404);
    const direct = await fetch(`http://127.0.0.1:${server.port}${path}`, { redirect: 'manual' });
    expect(direct.status).toBe(303);
  });
});

describe('what changes something', () => {
  it.each([
    ['nothing that says who asks', {}, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }, 403],
    ['another origin', { origin: 'http://evil.test' }, 403],
    ['another port as origin', { origin: 'http://127.0.0.1:8080' }, 403],
    ['an origin that is not told', { origin: 'null' }, 403],
    ['two words that differ', { origin: 'http://evil.test', 'sec-fetch-site': 'same-origin' }, 403],
    ['our origin', { origin: 'http://127.0.0.1:3000' }, 303],
    ['Fetch Metadata', { 'sec-fetch-site': 'same-origin' }, 303],
  ])('is asked for by a page of ours: %s', async (_, more: Record<string, string>, status) => {
    const { ask, cookie } = await anOpenDesk(await startApp());
    const answer = await ask('/desk/drafts', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', ...more },
      body: 'from=today',
    });
    expect(answer.status).toBe(status);
  });
});

describe('the desk with a password', () => {
  it('lets in who knows it, with a cookie that goes nowhere else', async () => {
    const desk = aDesk(await startApp(withPassword));
    const right = await guess(desk, password, '203.0.113.9');
    expect(right.status).toBe(303);
    expect(right.headers.get('set-cookie')).toMatch(
      /^__Host-desk=[\w-]{32};.*Path=\/.*HttpOnly; Secure; SameSite=Strict/,
    );
    const headers = { host: 'news.example.org', cookie: cookieOf(right) ?? '' };
    expect((await desk.ask('/desk', { headers, peer: '203.0.113.9' })).status).toBe(200);
  });

  it.each([
    ['http://192.0.2.7:3000', 403],
    ['http://localhost:3000', 303],
  ])('says why a browser would not stay signed in: from %s %i', async (origin, status) => {
    const desk = aDesk(await startApp(withPassword));
    const answer = await desk.ask('/desk/login', {
      method: 'POST',
      headers: {
        host: new URL(origin).host,
        origin,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ password }).toString(),
    });
    expect(answer.status).toBe(status);
    if (status === 403) expect(await answer.text()).toContain('open it by https');
  });

  it('reads no more from strangers than a password', async () => {
    const desk = aDesk(await startApp(withPassword));
    expect((await guess(desk, 'x'.repeat(20_000), '203.0.113.9')).status).toBe(413);
  });

  it('says where a proxy makes one network of everybody who guesses', async () => {
    const app = await startApp(withPassword);
    const warned: unknown[] = [];
    const warn = (details: unknown) => void warned.push(details);
    const log = { ...app.runtime.log, warn };
    const desk = aDesk({ ...app, runtime: { ...app.runtime, log } } as typeof app);
    await desk.ask('/desk/login', { method: 'POST', headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(warned).toEqual([{ proxy: '127.0.0.1' }]);
  });

  it('does not open by the key', async () => {
    const desk = aDesk(await startApp(withPassword));
    expect((await desk.ask(`/desk?key=${desk.key}`)).status).toBe(401);
  });

  it('is not guessed in a thousand tries, and the editor gets in meanwhile', async () => {
    const desk = aDesk(await startApp(withPassword));
    const statuses = new Map<number, number>();
    for (let at = 0; at < 1_000; at += 1) {
      // Addresses of one network, and the right one is among the guesses.
      const text = at === 999 ? password : `guess number ${at}`;
      const { status } = await guess(desk, text, `198.51.100.${at % 250}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 403: 5, 429: 995 });
    expect((await guess(desk, password, '203.0.113.9')).status).toBe(303);
  });

  it('lets who guessed wrong try again later', async () => {
    const app = await startApp(withPassword);
    const desk = aDesk(app);
    for (let at = 0; at < 6; at += 1) await guess(desk, 'wrong', '203.0.113.9');
    expect((await guess(desk, password, '203.0.113.9')).status).toBe(429);
    app.runtime.time += hours(1);
    expect((await guess(desk, password, '203.0.113.9')).status).toBe(303);
  });

  it('ends a session on log-out, after thirty days, and with the password', async () => {
    const folder = tempFolder();
    const app = await startApp(withPassword, { folder });
    const desk = aDesk(app);
    const enter = async () => ({
      cookie: cookieOf(await guess(desk, password, '203.0.113.9')) ?? '',
      'sec-fetch-site': 'same-origin',
    });
    const statusOf = async (headers: Record<string, string>, at = desk) =>
      (await at.ask('/desk', { headers })).status;
    const [first, second] = [await enter(), await enter()];
    expect((await desk.ask('/desk/logout', { method: 'POST', headers: first })).status).toBe(303);
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);

    const same = aDesk(await startApp(withPassword, { folder }));
    expect(await statusOf(second, same)).toBe(200);
    const other = aDesk(await startApp({ DESK_PASSWORD: 'another password' }, { folder }));
    expect(await statusOf(second, other)).toBe(401);

    app.runtime.time += hours(24 * 31);
    expect(await statusOf(second)).toBe(401);
  });

  it('keeps no session’s id, only its hash', async () => {
    const app = await startApp(withPassword);
    const cookie = cookieOf(await guess(aDesk(app), password, '203.0.113.9')) ?? '';
    const rows = await app.db.selectFrom('sessions').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1]);
    expect(JSON.stringify(rows)).not.toContain(password);
  });
});
