import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadMeans } from '../../src/cli/setup.ts';
import { editionPath } from '../../src/edition/edition.ts';
import { loadDaily } from '../../src/sources/daily.ts';
import { scheduledSource } from '../../src/sources/scheduled.ts';
import { seenPapers } from '../../src/store/papers.ts';
import { keptAnswers } from '../support/answers.ts';
import { publishEdition, startApp, type TestApp } from '../support/app.ts';
import { aDigest } from '../support/builders.ts';
import { days } from '../support/runtime.ts';

const [wednesday, thursday] = ['2025-09-03', '2025-09-04'];

/** The Daily Papers API with these titles by day; without a day in the question, Thursday's. */
async function startApi(lists: Readonly<Record<string, readonly string[]>>) {
  const url = await startServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const day = searchParams.get('date') ?? thursday;
    const items = (lists[day] ?? []).map(title => ({
      paper: { title, summary: `${title} is so.`, submittedOnDailyAt: `${day}T05:00:00Z` },
    }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(items));
  });
  return `${url}/api/daily_papers`;
}

async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const io = { stdin: new PassThrough() };

const load = (app: TestApp, source = app.config.digest) =>
  loadDaily(app.db, source, { ...loadMeans(io, app), referenceDay: thursday });

const sourceOf = (app: TestApp, signal?: AbortSignal, within?: number) =>
  scheduledSource(app.db, app.config.digest, { ...loadMeans(io, app), signal }, within);

async function startWith(digest: string) {
  const app = await startApp({ DIGEST: digest, DIGEST_ALLOW_PRIVATE: 'yes' });
  await publishEdition(app, { date: wednesday, digest: aDigest({ date: wednesday }) });
  return app;
}

describe('loading for a daily edition', () => {
  it('looks again at the days before, and keeps every answer', async () => {
    const url = await startApi({ [wednesday]: ['Late'], [thursday]: ['New'] });
    const app = await startWith(url);
    const digest = await load(app);
    expect(digest.papers.map(({ title }) => title)).toEqual(['New']);
    const seen = await seenPapers(app.db, { from: wednesday, to: wednesday });
    expect(seen.map(({ paper }) => paper.title)).toContain('Late');
    const answers = await keptAnswers(app.db, 0);
    expect(answers.map(answer => answer.url)).toEqual([
      `${url}?limit=100`,
      `${url}?date=${wednesday}&limit=100`,
    ]);
    expect(Buffer.from(answers[1]?.body ?? []).toString()).toContain('Late is so.');
  });

  it('forgets answers after 30 days', async () => {
    const app = await startWith(await startApi({ [thursday]: ['New'] }));
    await load(app);
    const first = app.runtime.time;
    app.runtime.time += days(30) + 1;
    await load(app, 'sample');
    expect(await keptAnswers(app.db, first)).toEqual([]);
  });

  it('asks sources that know no days for nothing more', async () => {
    const app = await startWith('sample');
    await load(app);
    expect(await keptAnswers(app.db, 0)).toEqual([]);
  });
});

it.each(['2025-09-01', '2025-09-04', '2025-09-05', '2025-09-07'])(
  'a weekly edition of %s asks for the week that it is named after',
  async date => {
    const app = await startApp({
      DIGEST: await startApi({ [thursday]: ['New'] }),
      DIGEST_ALLOW_PRIVATE: 'yes',
    });
    await sourceOf(app).load('weekly', date);
    const [answer] = await keptAnswers(app.db, 0);
    expect(new URL(answer?.url ?? '').searchParams.get('week')).toBe(
      editionPath({ kind: 'weekly', date }, ''),
    );
  },
);

describe('a scheduled source', () => {
  it('is sent only what is new, from one look to the next', async () => {
    const asked: (string | undefined)[] = [];
    const url = await startServer((request, response) => {
      asked.push(request.headers['if-none-match']);
      if (request.headers['if-none-match']) response.writeHead(304).end();
      else response.setHeader('etag', '"a"').end('{"title": "New", "abstract": "It is so."}');
    });
    const app = await startApp({ DIGEST: url, DIGEST_ALLOW_PRIVATE: 'yes' });
    const source = sourceOf(app);
    for (const _ of [1, 2]) {
      expect((await source.load('daily', thursday)).papers).toMatchObject([{ title: 'New' }]);
    }
    expect(asked).toEqual([undefined, '"a"']);
  });

  it('says in the log which of several failed', async () => {
    const url = await startApi({ [thursday]: ['New'] });
    const app = await startApp({
      DIGEST: `${url} missing.txt, gone.txt`,
      DIGEST_ALLOW_PRIVATE: 'yes',
    });
    await sourceOf(app).load('daily', thursday);
    expect(JSON.stringify(app.runtime.logs)).toContain('gone.txt: no such file');
  });

  it('does not keep others waiting, however many answers it takes its time for', async () => {
    const url = await startServer((_, response) => void response.writeHead(200).write('['));
    const app = await startApp({ DIGEST: url, DIGEST_ALLOW_PRIVATE: 'yes' });
    const source = sourceOf(app, undefined, 50);
    await expect(source.load('daily', thursday)).rejects.toThrow(
      `${url}: not read within 0.05 seconds.`,
    );
  });

  it('ends where the program does', async () => {
    const ending = new AbortController();
    const url = await startServer(() => ending.abort());
    const app = await startApp({ DIGEST: url, DIGEST_ALLOW_PRIVATE: 'yes' });
    const source = sourceOf(app, ending.signal);
    await expect(source.load('daily', thursday)).rejects.toThrow('aborted');
  });
});
