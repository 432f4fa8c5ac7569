import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { loadDigest } from '../../src/sources/load.ts';
import { onlyLoopback, serve } from '../digest/support/server.ts';
import { corpusFiles, readCorpusFile } from '../support/corpora.ts';
import { testRuntime } from '../support/runtime.ts';

function options() {
  const stdin = Readable.from([]);
  return { referenceDay: '2026-05-12', stdin, runtime: testRuntime(), mayConnect: onlyLoopback };
}

describe('answers of the arXiv API, over HTTP', () => {
  test('are papers, none, or an error in arXiv’s words', async () => {
    const answers = corpusFiles('arxiv', '.json').map(file =>
      JSON.parse(readCorpusFile('arxiv', file).toString()),
    );
    const { url } = await serve((request, response) => {
      const { status_code, body } = answers[Number(request.url?.slice(1))];
      response.writeHead(status_code, { 'content-encoding': 'gzip' }).end(gzipSync(body));
    });
    const outcomes = await Promise.all(
      answers.map((_, at) =>
        loadDigest(`${url}/${at}`, options()).then(
          ({ papers }) => papers.length,
          (error: Error) => (error instanceof EmptyDigestError ? 0 : error.message),
        ),
      ),
    );
    const entries = answers.map(({ body }) => body.split('<entry>').length - 1);
    for (const [at, { status_code }] of answers.entries()) {
      if (status_code === 200) expect(outcomes[at]).toBe(entries[at]);
      else
        expect(outcomes[at]).toMatch(/: the server answered 400 Bad Request: incorrect id format/);
    }
  });
});

describe('answers of the Daily Papers API, over HTTP', () => {
  /** A server with the archive behind it: days, and weeks of them, a page at a time. */
  const api = () =>
    serve((request, response) => {
      const { searchParams, pathname } = new URL(request.url ?? '', 'http://x');
      if (pathname !== '/api/daily_papers') return response.writeHead(404).end();
      const days = searchParams.get('week') ? week : [searchParams.get('date') ?? ''];
      const items = days.flatMap(day =>
        JSON.parse(readCorpusFile('huggingface', `${day}.json.gz`).toString()),
      );
      const start = Number(searchParams.get('p')) * Number(searchParams.get('limit'));
      const page = items.slice(start, start + Number(searchParams.get('limit')));
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
        .end(gzipSync(JSON.stringify(page), { level: 1 }));
    });
  /** Longer than a week, to have some pages. */
  const week = corpusFiles('huggingface', '.json.gz')
    .map(file => file.slice(0, 10))
    .filter(day => day >= '2025-09-01' && day <= '2025-09-30');

  test('are a week of papers, over several pages', async () => {
    const { url, asked } = await api();
    const digest = await loadDigest(`${url}/api/daily_papers`, { ...options(), week: '2025-W36' });
    expect(digest.date).toBe(week.at(-1));
    expect(asked.length).toBe(Math.floor(digest.papers.length / 100) + 1);
    expect(digest.papers.length).toBeGreaterThan(100);
    const upvotes = digest.papers.map(paper => paper.upvotes ?? 0);
    // The order is that of the answers: each day from its most upvotes down.
    expect(upvotes).not.toEqual(upvotes.toSorted((a, b) => b - a));
  });

  test('that were damaged on their way are an error, day by day', async () => {
    const { url } = await api();
    await expect(
      loadDigest(`${url}/api/daily_papers`, { ...options(), date: '2024-12-11' }),
    ).rejects.toThrow(/none of its 26 items is a paper.*damaged on its way/);
  });
});
