import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { Edition } from '../../../src/edition/edition.ts';
import { addDays } from '../../../src/lib/day.ts';
import type { Database } from '../../../src/store/database.ts';
import { moveEdition } from '../../../src/store/editions.ts';
import { archiveRoutes } from '../../../src/web/public/archive.ts';
import { editionRoutes } from '../../../src/web/public/edition.ts';
import { aDigest, anEdition, aPaper } from '../../support/builders.ts';
import { startDatabase, storeEdition } from '../../support/database.ts';
import { aSite, somePages } from '../pages/site.ts';

const known = somePages();

/** The archive of an empty database, and how often its pages were made. */
async function anArchive({ base = aSite().base } = {}) {
  const reader = await startDatabase();
  const real = base === null ? somePages({ base }) : known;
  const made: string[] = [];
  const fill: typeof real.fill = (name, view) => {
    if (name !== 'papers') made.push(name.replace('.xml', ''));
    return real.fill(name, view);
  };
  const parts = { reader, pages: { fill }, site: { base } };
  const web = new Hono().route('/', archiveRoutes(parts)).route('/', editionRoutes(parts));
  const get = (path: string, headers: Record<string, string> = {}) =>
    web.request(path, { headers });
  const text = async (path: string) => (await get(path)).text();
  return { db: reader, web, get, text, made };
}

const titled = (date: string, title: string, values: Partial<Edition> = {}) =>
  anEdition(aDigest({ date, papers: [aPaper({ title })] }), { date, subject: title, ...values });

function store(db: Database, date: string, title: string, values: Partial<Edition> = {}) {
  return storeEdition(db, { content: titled(date, title, values) });
}

const linksIn = (page: string) => [...page.matchAll(/href="(\/editions\/[^"]+)"/g)].map(m => m[1]);

describe('the archive', () => {
  it('shows nobody what is still to be sent, at an address that can be guessed', async () => {
    const { db, get } = await anArchive();
    await store(db, '2025-09-04', 'Of tomorrow');
    await db.updateTable('editions').set({ status: 'scheduled', public: 0 }).execute();
    expect((await get('/editions/2025-09-04')).status).toBe(404);
  });

  it('lists public editions by month, newest first', async () => {
    const { db, text } = await anArchive();
    await store(db, '2025-08-31', 'August');
    await store(db, '2025-09-01', 'September');
    await store(db, '2025-09-01', 'The Week', { kind: 'weekly' });
    const content = titled('2025-09-02', 'For friends', { kind: 'manual' });
    await storeEdition(db, { content, key: '0123456789abcdef', public: false });
    const page = await text('/editions');
    expect(linksIn(page)).toEqual([
      '/editions/2025-W35',
      '/editions/2025-09-01',
      '/editions/2025-08-31',
    ]);
    expect(page).toMatch(/September 2025[\s\S]*August 2025/);
    expect(page).not.toContain('For friends');
  });

  it('has sixty on a page, and a link to the older ones', async () => {
    const { db, get, text } = await anArchive();
    for (let day = 0; day < 61; day += 1) await store(db, addDays('2025-01-01', day), 'Day');
    const first = await text('/editions');
    expect(linksIn(first)).toHaveLength(60);
    const older = /href="(\/editions\?before[^"]+)"/.exec(first)?.[1]?.replace('&#x3D;', '=') ?? '';
    expect(older).toBe('/editions?before=2025-01-02.2');
    const last = await text(older);
    expect(linksIn(last)).toEqual(['/editions/2025-01-01']);
    expect(last).not.toContain('?before');
    expect((await get('/editions?before=2025-01-01.1')).status).toBe(404);
  });

  it('is there while it is empty', async () => {
    const { get } = await anArchive();
    expect((await get('/editions')).status).toBe(200);
  });

  it('has no page after what is no edition', async () => {
    const { get } = await anArchive();
    for (const before of ['x', '2025-09-03', '2025-02-30.1', '2025-09-03.1e9', '', '.']) {
      expect((await get(`/editions?before=${before}`)).status).toBe(404);
    }
  });

  it('is made once, and again when there is a new edition or one less', async () => {
    const { db, get, made } = await anArchive();
    await store(db, '2025-09-01', 'One');
    const { headers } = await get('/editions');
    expect(headers.get('cache-control')).toMatch(/^public, max-age=60/);
    const again = await get('/editions?utm=x', { 'if-none-match': headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    expect(made).toHaveLength(1);
    const id = await store(db, '2025-09-02', 'Two');
    expect(await (await get('/editions')).text()).toContain('Two');
    await moveEdition(db, id, ['freezing'], 'cancelled');
    expect(await (await get('/editions')).text()).not.toContain('Two');
  });
});

describe('a search in the archive', () => {
  it('lists what has all words, and keeps what was asked for', async () => {
    const { db, text } = await anArchive();
    await store(db, '2025-09-01', 'Robots that Walk');
    await store(db, '2025-09-02', 'Random Walks');
    const page = await text('/editions?q=walk+ROBOTS');
    expect(linksIn(page)).toEqual(['/editions/2025-09-01']);
    expect(page).toContain('value="walk ROBOTS"');
    expect(page).not.toContain('?before');
  });

  it('for nothing is the whole list', async () => {
    const { db, text } = await anArchive();
    await store(db, '2025-09-01', 'One');
    for (const query of ['', '+', '%00', '%E2%80%A8']) {
      expect(linksIn(await text(`/editions?q=${query}`))).toEqual(['/editions/2025-09-01']);
    }
  });

  it('takes anything as text', async () => {
    const { db, get } = await anArchive();
    await store(db, '2025-09-01', 'One');
    const odd = ['%00x', '%ff', '%25', '%', "'", '%22%3E%3Cscript%3E'];
    for (const query of [...odd, 'x'.repeat(1500), 'a+'.repeat(500)]) {
      const answer = await get(`/editions?q=${query}`);
      expect(answer.status).toBe(200);
      const page = await answer.text();
      expect(page).not.toMatch(/<script|\0/);
      expect(linksIn(page)).toEqual([]);
    }
  });

  it('counts the first eight words', async () => {
    const { db, text } = await anArchive();
    await store(db, '2025-09-01', 'a b c d e f g h');
    expect(linksIn(await text('/editions?q=a+b+c+d+e+f+g+h+zebra'))).toHaveLength(1);
    expect(linksIn(await text('/editions?q=a+a+b+c+d+e+f+g+zebra'))).toHaveLength(0);
  });
});

describe('an edition’s page', () => {
  it('leads to the editions before and after it', async () => {
    const { db, text } = await anArchive();
    await store(db, '2025-09-01', 'One');
    await store(db, '2025-09-02', 'Two');
    await store(db, '2025-09-08', 'The Week', { kind: 'weekly' });
    const page = await text('/editions/2025-09-02');
    expect(page).toContain('Two');
    expect(page).not.toContain('noindex');
    expect(page).toMatch(/href="\/editions\/2025-09-01">[^<]*Monday, 1 September 2025/);
    expect(page).toMatch(/href="\/editions\/2025-W36">Week 36 of 2025/);
    expect(await text('/editions/2025-W36')).toContain('The Week');
  });

  it('is made once, and again when another one follows', async () => {
    const { db, get, text, made } = await anArchive();
    await store(db, '2025-09-01', 'One');
    const tag = (await get('/editions/2025-09-01')).headers.get('etag') ?? '';
    expect((await get('/editions/2025-09-01', { 'if-none-match': tag })).status).toBe(304);
    expect(made).toHaveLength(1);
    await store(db, '2025-09-02', 'Two');
    expect(await text('/editions/2025-09-01')).toContain('/editions/2025-09-02');
    expect(made).toHaveLength(2);
  });

  it('of one that is not listed is found by nobody but who has the link', async () => {
    const { db, text } = await anArchive();
    const key = '0123456789abcdef';
    await store(db, '2025-09-01', 'One');
    const content = titled('2025-09-02', 'For friends', { kind: 'manual' });
    await storeEdition(db, { content, key, public: false });
    const page = await text(`/editions/${key}`);
    expect(page).toContain('For friends');
    expect(page).toContain('noindex');
    expect(page).not.toContain('/editions/2025-09-01');
    for (const path of ['/editions', '/editions/2025-09-01', '/feed.xml', '/sitemap.xml']) {
      expect(await text(path)).not.toMatch(/For friends|0123456789abcdef/);
    }
  });

  it('of a manual one that is public is named by its subject', async () => {
    const { db, text } = await anArchive();
    await store(db, '2025-09-01', 'One');
    const content = titled('2025-09-02', 'Best of <August>', { kind: 'manual' });
    await storeEdition(db, { content, key: '0123456789abcdef' });
    const page = await text('/editions/2025-09-01');
    expect(page).toContain('href="/editions/0123456789abcdef">Best of &lt;August&gt;');
  });

  it('is not there for what is no path of any', async () => {
    const { db, get } = await anArchive();
    await store(db, '2025-09-03', 'One');
    const near = ['2025-09-04', '2025-09-03/', '2025-W36', '2025-W99', '0123456789abcdef'];
    for (const path of [...near, '1', '', 'x%2f..', "'", '%00']) {
      expect((await get(`/editions/${path}`)).status).toBe(404);
    }
  });
});

describe('the feed', () => {
  it('has the newest twenty, whole, with absolute addresses', async () => {
    const { db, get } = await anArchive();
    for (let day = 1; day <= 21; day += 1) {
      await store(db, addDays('2025-09-01', day - 1), `Day ${day} <&>`);
    }
    const answer = await get('/feed.xml');
    expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const feed = await answer.text();
    expect(feed.match(/<entry>/g)).toHaveLength(20);
    expect(feed).toContain('https://news.example.org/editions/2025-09-21');
    expect(feed).not.toContain('Day 1 &lt;');
    expect(feed).toContain('<updated>2025-09-03T08:00:00.000Z</updated>');
    expect(feed).toContain('It asks a question.');
  });

  it('is not sent again to who has it', async () => {
    const { db, get, made } = await anArchive();
    await store(db, '2025-09-03', 'One');
    const { headers } = await get('/feed.xml');
    expect(headers.get('last-modified')).toBe('Wed, 03 Sep 2025 08:00:00 GMT');
    const known = [
      { 'if-none-match': headers.get('etag') ?? '' },
      { 'if-modified-since': headers.get('last-modified') ?? '' },
    ];
    for (const header of known) expect((await get('/feed.xml', header)).status).toBe(304);
    expect(made).toEqual(['feed']);
    await store(db, '2025-09-04', 'Two');
    expect((await get('/feed.xml', known[0])).status).toBe(200);
  });

  it('is there before the first edition', async () => {
    const { text } = await anArchive();
    expect(await text('/feed.xml')).toContain('<updated>1970-01-01T00:00:00.000Z</updated>');
  });
});

describe('what search engines ask for', () => {
  it('is a map of all public editions', async () => {
    const { db, get } = await anArchive();
    await store(db, '2025-09-01', 'One');
    await store(db, '2025-09-08', 'The Week', { kind: 'weekly' });
    const answer = await get('/sitemap.xml');
    expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    const entries = [...(await answer.text()).matchAll(/<url>(.*)<\/url>/g)].map(match => match[1]);
    const address = 'https://news.example.org';
    expect(entries).toEqual([
      `<loc>${address}/</loc><lastmod>2025-09-08</lastmod>`,
      `<loc>${address}/editions</loc><lastmod>2025-09-08</lastmod>`,
      `<loc>${address}/editions/2025-W36</loc><lastmod>2025-09-08</lastmod>`,
      `<loc>${address}/editions/2025-09-01</loc><lastmod>2025-09-01</lastmod>`,
    ]);
  });

  it('is XML whatever the address', async () => {
    const { text } = await anArchive({ base: 'https://x.example/?a&<b>' });
    expect(await text('/sitemap.xml')).toContain('<loc>https://x.example/?a&amp;&lt;b&gt;/</loc>');
  });

  it('is kept from pages with a token in their address', async () => {
    const { text } = await anArchive();
    const robots = await text('/robots.txt');
    expect(robots).toMatch(/^User-agent: \*\nDisallow: /);
    for (const name of ['confirm', 'unsubscribe', 'preferences', 'manage']) {
      expect(robots).toContain(`\nDisallow: /${name}/\n`);
    }
    expect(robots).toContain('\nSitemap: https://news.example.org/sitemap.xml\n');
  });

  it('is not there where nobody knows the address of this server', async () => {
    const { get, text } = await anArchive({ base: null });
    expect((await get('/feed.xml')).status).toBe(404);
    expect((await get('/sitemap.xml')).status).toBe(404);
    expect(await text('/robots.txt')).not.toContain('Sitemap');
  });
});
