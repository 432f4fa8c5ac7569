import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { makeToken } from '../../src/readers/token.ts';
import { moveEdition } from '../../src/store/editions.ts';
import { getSubscriber } from '../../src/store/subscribers.ts';
import { startServer } from '../../src/web/plumbing/server.ts';
import { addReaders, publishEdition, startApp, statesOf, type TestApp } from '../support/app.ts';
import { aDigest, papers } from '../support/builders.ts';
import { webOf } from '../support/web.ts';

async function startWeb() {
  const app = await startApp();
  return { app, web: webOf(app) };
}

const tokenFor = (app: TestApp, id: number) => makeToken(app.linkKeys[0], 'unsubscribe', id, 0);
const statusOf = async (app: TestApp, id: number) => (await getSubscriber(app.db, id))?.status;
const oneClick = {
  method: 'POST',
  body: 'List-Unsubscribe=One-Click',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
};

describe('/healthz', () => {
  it('says ok, or which edition the server keeps from going on, and why', async () => {
    const { app, web } = await startWeb();
    const health = async () => (await web.request('/healthz')).text();
    const edition = await publishEdition(app);
    expect(await health()).toBe('ok\n');
    const limit = { pausedBy: 'relay', reason: '550 a limit', resumeAt: 0 } as const;
    await moveEdition(app.db, edition, ['sending'], 'paused', limit);
    const until = '1970-01-01T00:00:00.000Z';
    expect(await health()).toBe(`degraded\nedition 1 is stopped until ${until}: 550 a limit\n`);
    const refused = { pausedBy: 'policy', reason: '550 no' } as const;
    await moveEdition(app.db, edition, ['paused'], 'paused', refused);
    expect(await health()).toBe('degraded\nedition 1 is stopped: 550 no\n');
    const byHand = { pausedBy: 'operator', reason: 'paused by hand' } as const;
    await moveEdition(app.db, edition, ['paused'], 'paused', byHand);
    expect(await health()).toBe('ok\n');
  });
});

describe('every page', () => {
  it.each(['/', '/healthz', '/style.css', '/unsubscribe/x', '/nowhere'])(
    'is kept from scripts, frames, sniffing and telling where one comes from: %s',
    async path => {
      const { web } = await startWeb();
      const { headers } = await web.request(path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).not.toBeNull();
    },
  );

  it('answers HEAD as GET, without the content', async () => {
    const { web } = await startWeb();
    const answer = await web.request('/', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });

  it('that is not there is a page that says so', async () => {
    const { web } = await startWeb();
    const answer = await web.request('/nowhere');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is no such page');
  });

  it('takes no fault on itself where a request breaks off in the middle', async () => {
    const { app, web } = await startWeb();
    const server = await startServer(web, '127.0.0.1', 0);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /subscribe HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n');
    const answer = await text(socket);
    await server.close();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(app.runtime.logs).toEqual([]);
  });

  it('says that it is our fault where something breaks, and no more', async () => {
    const { app, web } = await startWeb();
    await app.db.schema.dropTable('picks').execute();
    await app.db.schema.dropTable('deliveries').execute();
    await app.db.schema.dropTable('editions').execute();
    const answer = await web.request('/');
    expect(answer.status).toBe(500);
    const page = await answer.text();
    expect(page).toContain('This is our fault');
    expect(page).not.toMatch(/no such table|sqlite/i);
  });
});

describe('the first page', () => {
  it('says that the first edition is to come', async () => {
    const { web } = await startWeb();
    const answer = await web.request('/');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('The first edition is still to come');
  });

  it('is the latest edition, under the prompt', async () => {
    const { app, web } = await startWeb();
    await publishEdition(app, { digest: aDigest({ papers: papers(6) }), papers: 3 });
    const next = { date: '2025-09-04', digest: aDigest({ papers: papers(6) }) };
    await publishEdition(app, next);
    const page = await (await web.request('/')).text();
    expect(page).toContain('Get trending papers in your email inbox!');
    expect(page).toContain('Paper 4');
    expect(page).not.toContain('Paper 1');
  });

  it('does not show manual editions', async () => {
    const { app, web } = await startWeb();
    await publishEdition(app, { kind: 'manual' });
    expect(await (await web.request('/')).text()).not.toContain('Paper 1');
  });
});

describe('an edition’s page', () => {
  it('is at its day, and may be listed', async () => {
    const { app, web } = await startWeb();
    await publishEdition(app);
    const page = await (await web.request('/editions/2025-09-03')).text();
    expect(page).toContain('Paper 1');
    expect(page).not.toContain('noindex');
  });

  it('is at its key where it is manual, and not listed', async () => {
    const { app, web } = await startWeb();
    await publishEdition(app, { kind: 'manual' });
    const { key } = await app.db.selectFrom('editions').select('key').executeTakeFirstOrThrow();
    const page = await (await web.request(`/editions/${key}`)).text();
    expect(page).toContain('Paper 1');
    expect(page).toContain('noindex');
    expect((await web.request('/editions/2025-09-03')).status).toBe(404);
  });

  it.each(['2025-09-04', '1', '0123456789abcdef', "' or 1=1 --", '..%2f..%2fetc%2fpasswd'])(
    'is not there for %s',
    async path => {
      const { app, web } = await startWeb();
      await publishEdition(app);
      expect((await web.request(`/editions/${path}`)).status).toBe(404);
    },
  );

  it('is gone with an edition that was cancelled', async () => {
    const { app, web } = await startWeb();
    await moveEdition(app.db, await publishEdition(app), ['sending'], 'cancelled');
    expect((await web.request('/editions/2025-09-03')).status).toBe(404);
  });
});

describe('unsubscribing', () => {
  it('by GET asks only: link scanners unsubscribe nobody', async () => {
    const { app, web } = await startWeb();
    await addReaders(app, ['ada@example.org']);
    const path = `/unsubscribe/${tokenFor(app, 1)}`;
    const page = await (await web.request(path)).text();
    expect(page).toContain(`<form method="post" action="${path}">`);
    await web.request(path, { method: 'HEAD' });
    expect(await statusOf(app, 1)).toBe('active');
  });

  it('by POST acts, as mail programs do it (RFC 8058 §3.2)', async () => {
    const { app, web } = await startWeb();
    await addReaders(app, ['ada@example.org', 'emmy@example.org']);
    const edition = await publishEdition(app);
    const answer = await web.request(`/unsubscribe/${tokenFor(app, 1)}`, oneClick);
    expect(answer.status).toBe(200);
    expect(await statusOf(app, 1)).toBe('unsubscribed');
    expect(await statusOf(app, 2)).toBe('active');
    expect(await statesOf(app, edition)).toEqual({ queued: 1, skipped: 1 });
  });

  it('by POST needs no body and no session, and may come twice', async () => {
    const { app, web } = await startWeb();
    await addReaders(app, ['ada@example.org']);
    const path = `/unsubscribe/${tokenFor(app, 1)}`;
    for (let click = 0; click < 2; click += 1) {
      expect((await web.request(path, { method: 'POST' })).status).toBe(200);
    }
    expect(await statusOf(app, 1)).toBe('unsubscribed');
  });

  it.each([{}, oneClick])('gives one answer to %j, whoever is on the list', async how => {
    const { app, web } = await startWeb();
    await addReaders(app, ['ada@example.org', 'emmy@example.org']);
    await app.list.remove('emmy@example.org', 'left');
    const answers = await Promise.all(
      [tokenFor(app, 1), tokenFor(app, 2), tokenFor(app, 99)].map(async token => {
        const answer = await web.request(`/unsubscribe/${token}`, how);
        const page = await answer.text();
        return `${answer.status} ${page.replaceAll(/[\w-]{42}/g, 'TOKEN')}`;
      }),
    );
    expect(new Set(answers).size).toBe(1);
  });

  it('does not read a body without end', async () => {
    const { web } = await startWeb();
    const body = 'x'.repeat(20_000);
    expect((await web.request('/unsubscribe/x', { ...oneClick, body })).status).toBe(413);
  });

  it('shows a strange token as text', async () => {
    const { web } = await startWeb();
    const page = await (await web.request('/unsubscribe/%22%3E%3Cscript%3E')).text();
    expect(page).not.toContain('<script>');
  });
});

describe('the demo’s inbox', () => {
  it('is nowhere but in the demo', async () => {
    const { web } = await startWeb();
    expect((await web.request('/inbox')).status).toBe(404);
  });
});
