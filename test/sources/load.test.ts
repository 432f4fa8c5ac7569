import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Paper } from '../../src/digest/digest.ts';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { InputError } from '../../src/lib/errors.ts';
import { type LoadOptions, loadDigest } from '../../src/sources/load.ts';
import { arxivAtom, listedItem, listedItems, papersPage } from '../digest/support/papers.ts';
import { onlyLoopback, serve } from '../digest/support/server.ts';
import { testRuntime } from '../support/runtime.ts';

function load(source: string, options: Partial<LoadOptions> = {}) {
  return loadDigest(source, {
    referenceDay: '2025-09-04',
    stdin: Readable.from([]),
    runtime: testRuntime(),
    mayConnect: onlyLoopback,
    ...options,
  });
}

async function failure(loaded: Promise<unknown>): Promise<InputError> {
  const error = await loaded.catch((thrown: unknown) => thrown);
  return error instanceof InputError ? error : expect.fail(`no InputError: ${error}`);
}

const titles = (papers: readonly Paper[]) => papers.map(({ title }) => title);
const numbers = (papers: readonly Paper[]) => papers.map(({ upvotes }) => upvotes);
const json =
  (value: unknown): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** Answers with these items as the API does, a page at a time. */
const api =
  (items: readonly unknown[]): RequestListener =>
  (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    const [limit, page] = [Number(searchParams.get('limit')), Number(searchParams.get('p'))];
    json(items.slice(page * limit, (page + 1) * limit))(request, response);
  };

const path = '/api/daily_papers';

describe('the Daily Papers API', () => {
  test('is asked for page after page of a day, whose order is kept', async () => {
    const items = listedItems(230).sort((a, b) => Number(a.paper.id) - Number(b.paper.id));
    const { url, asked } = await serve(api(items));
    const digest = await load(url + path, { date: '2025-09-03' });
    expect(asked).toEqual([
      `${path}?date=2025-09-03&limit=100`,
      `${path}?date=2025-09-03&limit=100&p=1`,
      `${path}?date=2025-09-03&limit=100&p=2`,
    ]);
    expect(digest.papers).toHaveLength(230);
    expect(numbers(digest.papers).slice(0, 3)).toEqual([1, 2, 3]);
    expect(digest).toMatchObject({ date: '2025-09-03', problems: [] });
  });

  test('is not misled by a paper of a day to come', async () => {
    const ahead = listedItem(1, { submittedOnDailyAt: '2099-01-01T05:00:00Z' });
    const { url } = await serve(api([ahead, ...listedItems(12).slice(1)]));
    const digest = await load(url + path);
    expect(digest).toMatchObject({ date: '2025-09-03' });
    expect(digest.papers).toHaveLength(12);
  });

  test('gives a day that its papers do not name', async () => {
    const { url } = await serve(api(listedItems(2, 1, { submittedOnDailyAt: undefined })));
    expect((await load(`${url}${path}?date=2024-06-03`)).date).toBe('2024-06-03');
  });

  test('gives its latest day, which may be earlier, most upvotes first', async () => {
    const { url, asked } = await serve(api(listedItems(3)));
    const digest = await load(url + path);
    expect(asked).toEqual([`${path}?limit=100`]);
    expect(digest.date).toBe('2025-09-03');
    expect(numbers(digest.papers)).toEqual([3, 2, 1]);
  });

  test('gives its latest day alone, and is not asked for all that were before', async () => {
    const older = listedItems(400, 41, { submittedOnDailyAt: '2025-09-02T03:00:00.000Z' });
    const { url, asked } = await serve(api([...listedItems(40), ...older]));
    const digest = await load(url + path);
    expect(asked).toHaveLength(1);
    expect([digest.date, digest.papers.length]).toEqual(['2025-09-03', 40]);
  });

  test('gives a week, with the newest of its days', async () => {
    const { url, asked } = await serve(
      api([
        ...listedItems(2),
        ...listedItems(2, 3, { submittedOnDailyAt: '2025-09-05T03:00:00.000Z' }),
      ]),
    );
    const digest = await load(`${url}${path}?date=2025-09-03`, { week: '2025-W36' });
    expect(asked).toEqual([`${path}?week=2025-W36&limit=100`]);
    expect([digest.date, digest.papers.length]).toEqual(['2025-09-05', 4]);
  });

  test('may be asked for one page, and gives no more', async () => {
    const { url, asked } = await serve(api(listedItems(30)));
    const digest = await load(`${url}${path}?date=2025-09-03&limit=10&p=1`);
    expect(asked).toHaveLength(1);
    expect(numbers(digest.papers)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  test('comes to an end with a server that knows no pages', async () => {
    const { url, asked } = await serve(json(listedItems(100)));
    expect((await load(`${url}${path}?date=2025-09-03`)).papers).toHaveLength(100);
    expect(asked).toHaveLength(2);
  });

  test('comes to an end with a server that has no last page', async () => {
    let count = 0;
    const { url, asked } = await serve((request, response) => {
      count += 1;
      json(listedItems(1, count))(request, response);
    });
    expect((await load(`${url}${path}?month=2025-09&limit=1`)).papers).toHaveLength(30);
    expect(asked).toHaveLength(30);
  });

  test('that lists nothing is no failure', async () => {
    const { url, asked } = await serve(json([]));
    const error = await failure(load(url + path, { date: '2025-09-06' }));
    expect(error).toBeInstanceOf(EmptyDigestError);
    expect(error.message).toBe(`${url}${path}?date=2025-09-06&limit=100: it lists no papers.`);
    expect(asked).toHaveLength(1);
  });

  test('that fails has its page read instead, and that is told', async () => {
    const { url, asked } = await serve((request, response) => {
      if (request.url?.startsWith('/api/')) response.writeHead(404).end();
      else response.end(papersPage(listedItems(3)));
    });
    const digest = await load(url + path, { date: '2025-09-03' });
    expect(asked.at(-1)).toBe('/papers/date/2025-09-03');
    expect(numbers(digest.papers)).toEqual([1, 2, 3]);
    expect(digest.problems).toEqual([
      `${url}${path}?date=2025-09-03&limit=100: the server answered 404 Not Found ` +
        `(${url}/papers/date/2025-09-03 was read instead)`,
    ]);
  });

  test.each<[string, RequestListener, RegExp]>([
    [
      'with an error',
      (_, response) => response.writeHead(400).end('{"error":"Invalid date"}'),
      /answered 400 Bad Request: Invalid date$/,
    ],
    ['with a page', (_, response) => response.end('<html><title>Busy</title>'), /titled “Busy”/],
    ['with half of it', (_, response) => response.end('[{"paper": {'), /this is not whole JSON/],
    ['with nothing', (_, response) => response.end(''), /it is empty/],
    ['with another thing', json({ papers: [] }), /this is JSON, but no list of papers/],
    ['with damaged items', json(["{'paper': 1}"]), /none of its 1 items is a paper.*damaged/],
  ])('that answers %s is an error, also where the page fails', async (_, listener, message) => {
    const { url } = await serve(listener);
    const error = await failure(load(url + path));
    expect(error).not.toBeInstanceOf(EmptyDigestError);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`${url}${path}?limit=100:`);
  });
});

describe('any other URL', () => {
  test('is read by what it holds, not by what it says that is', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(arxivAtom([[1, 'new']]));
    });
    const digest = await load(`${url}/atom/cs.LG`);
    expect([digest.date, digest.papers[0]?.arxivId]).toEqual(['2025-08-20', '2508.13001']);
  });

  test('is on no private network, unless that is allowed', async () => {
    const { url } = await serve((_, response) => response.end(papersPage(listedItems(1))));
    const error = await failure(load(url, { mayConnect: undefined }));
    expect(error.message).toContain('set DIGEST_ALLOW_PRIVATE=yes');
    const digest = await load(url, { mayConnect: () => true });
    expect(digest.papers).toHaveLength(1);
  });

  test('that has another day than is wanted has no papers of it', async () => {
    const { url } = await serve((_, response) => response.end(arxivAtom([[1, 'new']])));
    const error = await failure(load(url, { date: '2025-08-21' }));
    expect(error).toBeInstanceOf(EmptyDigestError);
    expect(error.message).toContain('it has no papers of 2025-08-21; its day is 2025-08-20');
    expect((await load(url, { date: '2025-08-20' })).papers).toHaveLength(1);
  });

  test('cannot tell a week', async () => {
    expect((await failure(load('http://127.0.0.1:1/', { week: '2025-W36' }))).message).toContain(
      'it cannot be asked for a week',
    );
  });
});

test('no source at all is an error, and no empty list', async () => {
  const error = await failure(load(' , '));
  expect(error).not.toBeInstanceOf(EmptyDigestError);
  expect(error.message).toBe('no digest is named: give a file or a URL.');
});

describe('several sources', () => {
  const listed = listedItem(1, { id: '2508.13001', title: 'A Paper', ai_summary: 'In short.' });
  const several = (broken: RequestListener = () => {}) =>
    serve((request, response) => {
      if (request.url?.startsWith('/api')) json([listed, listedItem(2)])(request, response);
      else if (request.url === '/atom')
        response.end(
          arxivAtom([
            [2, 'new'],
            [1, 'cross'],
          ]),
        );
      else if (request.url === '/empty') response.end(arxivAtom([]));
      else broken(request, response);
    });
  const notFound: RequestListener = (_, response) => response.writeHead(404).end();

  test('become one digest, each paper once with the most that is known of it', async () => {
    const { url } = await several();
    const digest = await load(`${url}/atom, ${url}${path}`);
    expect(digest).toMatchObject({
      date: '2025-09-03',
      curator: 'AK and the research community',
      problems: [],
    });
    expect(titles(digest.papers)).toEqual([
      'Paper 2: x<y Direction-Aware Embedding',
      'Paper 1: x<y Direction-Aware Embedding',
      'Paper Number 2',
    ]);
    expect(digest.papers[1]).toMatchObject({
      arxivId: '2508.13001',
      upvotes: 1,
      tldr: 'In short.',
    });
    expect(digest.papers[1]?.authors).toHaveLength(3);
  });

  test('may fail, as long as one does not', async () => {
    const { url } = await several(notFound);
    const digest = await load(`${url}/none ${url}/empty ${url}/atom`);
    expect(digest.papers).toHaveLength(2);
    expect(digest.problems).toEqual([`${url}/none: the server answered 404 Not Found`]);
  });

  test('that all fail are all named', async () => {
    const { url } = await several(notFound);
    const error = await failure(load(`${url}/none, /no/such/file.txt, ${url}/empty`));
    expect(error).not.toBeInstanceOf(EmptyDigestError);
    expect(error.message).toMatch(
      /^None of the 3 sources gave papers:\n {2}http\S+: the server answered 404 Not Found\n {2}\/no\/such\/file.txt: no such file.*\n {2}http\S+: it lists no papers\.$/,
    );
  });

  test('that are all empty are no failure', async () => {
    const { url } = await several();
    const error = await failure(load(`${url}/empty ${url}/empty`));
    expect(error).toBeInstanceOf(EmptyDigestError);
    expect(error.message).toContain('None of the 2 sources lists papers');
  });
});

test('a digest is of no day to come, or none before it would count', async () => {
  const { url } = await serve((_, response) => {
    const item = (title: string, year: number) =>
      `<item><title>${title}</title><description>So.</description><pubDate>1 Jan ${year}</pubDate></item>`;
    response.end(`<rss><channel>${item('Now', 2025)}${item('Ahead', 2099)}</channel></rss>`);
  });
  expect(await load(url)).toMatchObject({ date: '2025-09-04' });
});
