import { join as joinPath } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { settleSignUps } from '../../../src/readers/sign-up.ts';
import { addReaders, publishEdition, startApp, type TestApp } from '../../support/app.ts';
import { join, linkFor, noticesOf, statusOf } from '../../support/reader.ts';
import { hours, minutes, type TestRuntime, testRuntime } from '../../support/runtime.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { posted, webOf } from '../../support/web.ts';

const stampIn = (page: string) => /name="stamp" value="([^"]+)"/.exec(page)?.[1] ?? '';

/** The pages, and a visitor who loaded the form a minute ago. */
async function visit(given?: TestApp) {
  const app = given ?? (await startApp());
  const web = webOf(app);
  const get = async (path: string) => (await web.request(path)).text();
  const post = async (path: string, fields: Record<string, string> = {}) => {
    const answer = await web.request(path, posted(fields));
    return { status: answer.status, page: await answer.text(), headers: answer.headers };
  };
  const stamp = stampIn(await get('/subscribe'));
  app.runtime.time += minutes(1);
  const signUp = (fields: Record<string, string> = {}) =>
    post('/subscribe', {
      address: 'ada@example.org',
      frequency: 'daily',
      website: '',
      stamp,
      ...fields,
    });
  const settle = () => settleSignUps(app.db, app.runtime);
  return { app, web, get, post, signUp, settle, stamp };
}

const signUps = async ({ db }: TestApp) =>
  (await db.selectFrom('signUps').selectAll().execute()).length;

describe('the form to subscribe', () => {
  it('is on the first page, also before there is an edition', async () => {
    const { app, get } = await visit();
    expect(stampIn(await get('/'))).not.toBe('');
    await publishEdition(app);
    expect(stampIn(await get('/'))).not.toBe('');
  });

  it('takes an address and says what comes next', async () => {
    const { app, signUp, settle } = await visit();
    const { status, page } = await signUp({ frequency: 'weekly' });
    expect(status).toBe(200);
    expect(page).toContain('papers@news.example.org');
    expect(page).toMatch(/spam/i);
    expect(page).not.toContain('ada@');
    await settle();
    expect(await noticesOf(app)).toEqual(['confirm']);
  });

  it('gives one answer whether the address is new, pending, active or suppressed', async () => {
    const { app, signUp, settle } = await visit();
    await addReaders(app, ['active@example.org', 'gone@example.org']);
    await app.list.remove('gone@example.org', 'editor');
    await join(app, 'pending@example.org');
    const answers = new Set<string>();
    for (const name of ['new', 'pending', 'active', 'gone']) {
      const { status, page } = await signUp({ address: `${name}@example.org` });
      answers.add(`${status} ${page}`);
      expect(await signUps(app)).toBe(1);
      await settle();
    }
    expect(answers.size).toBe(1);
  });

  it.each([
    ['', 'Please type your address'],
    ['ada', 'it has no @'],
    ['ada@@example.org', 'more than one @'],
    ['ada@example', 'no dot'],
    ['<script>alert(1)</script>@example.org', 'not one plain address'],
    ['ada@example.org, eve@example.org', 'not one plain address'],
  ])('says what is wrong with %j, and shows it again', async (address, words) => {
    const { app, signUp } = await visit();
    const { status, page } = await signUp({ address });
    expect(status).toBe(422);
    expect(page).toContain(words);
    expect(page).not.toContain('<script');
    expect(await signUps(app)).toBe(0);
  });

  it('takes a domain beyond ASCII, and letters beyond ASCII before the @ only where they can be mailed', async () => {
    const { app, signUp } = await visit();
    expect((await signUp({ address: 'ada@bücher.example' })).status).toBe(200);
    const { status, page } = await signUp({ address: 'jürgen@example.org' });
    expect(status).toBe(422);
    expect(page).toContain('letters beyond ASCII before the @');
    expect(page).not.toMatch(/SMTP|yours/);
    await app.db.insertInto('settings').values({ name: 'smtputf8', value: 'yes' }).execute();
    expect((await signUp({ address: 'jürgen@example.org' })).status).toBe(200);
  });

  it('asks to press once more who was quicker than a person, or had the page open for long', async () => {
    const { app, get, signUp, stamp } = await visit();
    const fresh = stampIn(await get('/'));
    for (const wrong of ['', 'x', fresh, `${stamp.slice(0, -1)}!`]) {
      const { status, page } = await signUp({ stamp: wrong });
      expect(status).toBe(422);
      expect(page).toContain('once more');
      expect(page).toContain('value="ada@example.org"');
    }
    app.runtime.time += hours(25);
    expect((await signUp()).status).toBe(422);
    expect(await signUps(app)).toBe(0);
  });

  it('lets who was too quick press again on the page that says so, at once', async () => {
    const { app, get, signUp } = await visit();
    const fresh = stampIn(await get('/'));
    app.runtime.time += 1500;
    const { page } = await signUp({ stamp: fresh });
    app.runtime.time += 1500;
    expect((await signUp({ stamp: stampIn(page) })).status).toBe(200);
  });

  it('is fresh on a first page that a browser kept over the weekend', async () => {
    const { app, web } = await visit();
    const first = await web.request('/');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await web.request('/', { headers })).status).toBe(304);
    app.runtime.time += hours(23);
    expect((await web.request('/', { headers })).status).toBe(200);
  });

  it('asks to try again in a while where the database is held by another program', async () => {
    const folder = tempFolder();
    const runtime: TestRuntime = testRuntime({
      onWait: () => {
        runtime.time += 4000;
      },
    });
    const { signUp } = await visit(await startApp({}, { folder, runtime }));
    const before = runtime.time;
    const other = new Libsql(joinPath(folder, 'papers.db'));
    other.exec('begin immediate');
    const { status, page, headers } = await signUp();
    other.exec('rollback');
    other.close();
    expect(status).toBe(503);
    // What the server grants a silent connection.
    expect(runtime.time - before).toBeLessThan(30_000);
    expect(headers.get('retry-after')).toBe('60');
    expect(headers.get('content-security-policy')).not.toBeNull();
    expect(page).toContain('try again in a minute');
    expect((await signUp()).status).toBe(200);
  });

  it('keeps nobody waiting for longer than a connection lives, however many wait before them', async () => {
    const folder = tempFolder();
    const runtime = { ...testRuntime(), wait: () => new Promise<never>(() => {}) };
    const app = await startApp({}, { folder, runtime });
    const { web } = await visit(app);
    const other = new Libsql(joinPath(folder, 'papers.db'));
    onTestFinished(() => {
      vi.useRealTimers();
      other.close();
    });
    other.exec('begin immediate');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const path = `/confirm/${await linkFor(app, 'confirm')}`;
    const answers = Promise.all([1, 2, 3].map(() => web.request(path, posted())));
    await vi.advanceTimersByTimeAsync(29_000);
    expect((await answers).map(({ status }) => status)).toEqual([503, 503, 503]);
  });

  it('does nothing for who fills in what nobody sees, and does not say so', async () => {
    const { app, signUp } = await visit();
    const { status, page } = await signUp({ website: 'https://spam.example' });
    expect(status).toBe(200);
    expect(page).toBe((await signUp()).page);
    expect(await signUps(app)).toBe(1);
  });

  it('is not there where mails could not link back', async () => {
    const { get, signUp } = await visit(await startApp({ PUBLIC_URL: '' }));
    expect((await signUp()).status).toBe(404);
    expect(await get('/')).not.toContain('name="stamp"');
  });
});

describe('too many sign-ups', () => {
  it('from one client end for an hour, also after a restart', async () => {
    const { app, signUp } = await visit();
    const statuses: number[] = [];
    for (let reader = 0; reader < 25; reader += 1) {
      statuses.push((await signUp({ address: `reader${reader}@example.org` })).status);
    }
    expect(statuses.filter(status => status === 429)).toHaveLength(5);
    const again = await visit(app);
    expect((await again.signUp()).status).toBe(429);
    app.runtime.time += hours(1);
    const later = await visit(app);
    expect((await later.signUp()).status).toBe(200);
  });

  it('of 10,000 for one address from one network mail it once', async () => {
    const app = await startApp({ TRUST_PROXY: 'loopback' });
    const { web, stamp, settle } = await visit(app);
    const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
    for (let attempt = 0; attempt < 10_000; attempt += 1) {
      const request = posted({ address: 'victim@example.org', frequency: 'daily', stamp });
      const headers = { ...request.headers, 'x-forwarded-for': `192.0.2.${attempt % 256}` };
      const { status } = await web.request('/subscribe', { ...request, headers }, env);
      if (status !== 200 && status !== 429) throw new Error(`answered ${status}`);
    }
    await settle();
    expect(await noticesOf(app)).toEqual(['confirm']);
  });

  it('of one mailbox under many names mail it some times at most', async () => {
    const app = await startApp({ TRUST_PROXY: 'loopback' });
    const { web, stamp, settle } = await visit(app);
    const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const name = attempt % 2 === 0 ? `v.ictim+${attempt}` : `VICTIM+x${attempt}`;
      const request = posted({ address: `${name}@example.org`, frequency: 'daily', stamp });
      const headers = { ...request.headers, 'x-forwarded-for': `192.0.${attempt}.1` };
      expect((await web.request('/subscribe', { ...request, headers }, env)).status).toBe(200);
    }
    await settle();
    expect(await noticesOf(app)).toHaveLength(5);
  });

  it('may be for want of TRUST_PROXY, which is said once', async () => {
    const { app, web } = await visit();
    const warnings = () => app.runtime.logs.filter(({ msg }) => /TRUST_PROXY/.test(`${msg}`));
    const from = (remoteAddress: string, headers = {}) =>
      web.request(
        '/subscribe',
        { method: 'POST', headers },
        { incoming: { socket: { remoteAddress } } },
      );
    await from('127.0.0.1');
    await from('203.0.113.9', { 'x-forwarded-for': '192.0.2.1' });
    expect(warnings()).toHaveLength(0);
    await from('::ffff:127.0.0.1', { 'x-forwarded-for': '192.0.2.1' });
    await from('172.17.0.2', { 'x-forwarded-for': '192.0.2.1' });
    expect(warnings()).toHaveLength(1);
  });
});

describe('confirming', () => {
  it('asks by GET and acts by POST; then the page says that it is done', async () => {
    const { app, get, post, signUp, settle } = await visit();
    await publishEdition(app);
    await signUp();
    await settle();
    const path = `/confirm/${await linkFor(app, 'confirm')}`;
    expect(await get(path)).toContain(`<form method="post" action="${path}"`);
    expect(await statusOf(app)).toBe('pending');
    expect((await post(path)).status).toBe(200);
    expect(await statusOf(app)).toBe('active');
    expect(await get(path)).not.toContain('<form');
  });

  it('offers a fresh link where it is too late, and mails it', async () => {
    const { app, get, post, signUp, settle } = await visit();
    await signUp();
    await settle();
    const path = `/confirm/${await linkFor(app, 'confirm')}`;
    app.runtime.time += hours(24 * 8);
    expect((await post(path)).status).toBe(410);
    expect(await get(path)).toContain(`action="${path}/again"`);
    await post(`${path}/again`);
    await settle();
    expect(await noticesOf(app)).toEqual(['confirm', 'confirm']);
  });
});

describe('preferences', () => {
  it('change by their form, and leaving from there can be undone', async () => {
    const { app, get, post } = await visit();
    await addReaders(app, ['ada@bücher.example']);
    const path = `/preferences/${await linkFor(app, 'preferences', 'ada@xn--bcher-kva.example')}`;
    expect(await get(path)).toContain('a…@bücher.example');
    const saved = await post(path, { frequency: 'weekly', pause: '2025-09-20' });
    expect(saved.page).toContain('value="2025-09-20"');
    const { frequency, pausedUntil } = await app.db
      .selectFrom('subscribers')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect([frequency, pausedUntil]).toEqual(['weekly', Date.UTC(2025, 8, 20)]);
    const { page } = await post(`${path}/leave`);
    await post(/action="(\/undo\/[^"]+)"/.exec(page)?.[1] ?? '');
    expect(await statusOf(app, 'ada@xn--bcher-kva.example')).toBe('active');
  });

  it('do not say that one left who did not', async () => {
    const { app, post } = await visit();
    await addReaders(app, ['ada@example.org']);
    const path = `/preferences/${await linkFor(app, 'preferences')}/leave`;
    await app.db.updateTable('subscribers').set({ tokenCounter: 1 }).execute();
    const { status, page } = await post(path);
    expect(status).toBe(404);
    expect(page).toContain('This link is over');
    expect(await statusOf(app)).toBe('active');
  });

  it('say that a way back is over, and not that one is back', async () => {
    const { app, post } = await visit();
    await addReaders(app, ['ada@example.org']);
    const leave = async () => {
      const { page } = await post(`/unsubscribe/${await linkFor(app, 'unsubscribe')}`);
      return /action="(\/undo\/[^"]+)"/.exec(page)?.[1] ?? '';
    };
    const undo = await leave();
    expect((await post(undo)).status).toBe(200);
    expect((await post(undo)).status).toBe(200);
    await leave();
    app.runtime.time += hours(24 * 8);
    const late = await post(await leave());
    expect(late.status).toBe(404);
    expect(late.page).toContain('This link is over');
    expect(await statusOf(app)).toBe('unsubscribed');
  });

  it.each(['2025-09-03', '2024-01-01', '2026-09-04', '2025-02-30', 'tomorrow', '\u{1f4a9}'])(
    'do not take %j as the day to pause until',
    async pause => {
      const { app, post } = await visit();
      await addReaders(app, ['ada@example.org']);
      const path = `/preferences/${await linkFor(app, 'preferences')}`;
      expect((await post(path, { frequency: 'daily', pause })).status).toBe(422);
    },
  );

  it('are nobody’s where the link is not good', async () => {
    const { get, post } = await visit();
    const page = await get('/preferences/x');
    expect(page).toContain('link');
    for (const path of ['/preferences/x', '/manage/x', '/manage/x/data', '/change/x']) {
      expect(await get(path)).toBe(page);
    }
    expect((await post('/manage/x/forget')).status).toBe(404);
  });
});

describe('a fresh link', () => {
  it('changes the address, gives the data, and forgets', async () => {
    const { app, get, post } = await visit();
    await addReaders(app, ['ada@example.org']);
    await post(`/preferences/${await linkFor(app, 'preferences')}/manage`);
    const path = `/manage/${await linkFor(app, 'manage')}`;
    expect(await get(path)).toContain('ada@example.org');
    expect(JSON.parse(await get(`${path}/data`))).toMatchObject({
      subscriber: { address: 'ada@example.org' },
    });
    expect((await post(`${path}/address`, { address: 'nonsense' })).status).toBe(422);
    expect((await post(`${path}/address`, { address: 'lovelace@example.org' })).status).toBe(200);
    expect(await noticesOf(app)).toEqual(['manage', 'change']);
    await post(`${path}/forget`);
    expect(await app.db.selectFrom('subscribers').selectAll().execute()).toEqual([]);
  });
});

describe('no ambient authority', () => {
  it('is given: no page sets a cookie, and a form of another site can do no more than a stranger', async () => {
    const { app, web, post } = await visit();
    await addReaders(app, ['ada@example.org']);
    const foreign = { ...posted({ frequency: 'weekly', pause: '' }) };
    const headers = { ...foreign.headers, origin: 'https://evil.example', cookie: 'a=b' };
    for (const path of [
      '/',
      '/subscribe',
      '/privacy',
      `/preferences/${await linkFor(app, 'preferences')}`,
    ]) {
      expect((await web.request(path)).headers.has('set-cookie')).toBe(false);
    }
    await web.request('/preferences/x', { ...foreign, headers });
    await post('/unsubscribe/x');
    expect(await statusOf(app)).toBe('active');
  });
});
