import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/lib/errors.ts';
import {
  answerCache,
  createFetcher,
  type FetcherOptions,
  userAgentOf,
} from '../../../src/sources/fetch/fetcher.ts';
import type { Answer } from '../../../src/store/papers.ts';
import { onlyLoopback, serve } from '../../digest/support/server.ts';
import { morning, testRuntime } from '../../support/runtime.ts';

const text = 'Daily Papers\n'.repeat(100);

/** Gets `/papers` of a server that answers like this. */
async function get(listener: RequestListener, options: Partial<FetcherOptions> = {}) {
  const server = await serve(listener);
  const runtime = testRuntime();
  const fetcher = createFetcher({ runtime, mayConnect: onlyLoopback, ...options });
  const answer = fetcher.get(`${server.url}/papers`).finally(() => fetcher.close());
  const body = answer.then(({ body }) => Buffer.from(body).toString());
  // Who looks at one of the two need not look at the other.
  body.catch(() => {});
  return { server, runtime, answer, body, waited: () => runtime.time - morning };
}

async function failure(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => expect.fail('there was an answer'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InputError)) throw error;
  return error.message;
}

/** Answers the first requests with each of these, and all others with the last. */
function inTurn(...listeners: RequestListener[]): RequestListener {
  let count = 0;
  return (request, response) => {
    const listener = listeners[Math.min(count, listeners.length - 1)];
    count += 1;
    listener?.(request, response);
  };
}

const ok: RequestListener = (_, response) => response.end(text);
const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end('later');

describe('an answer', () => {
  test('is its bytes, and when and from where they came', async () => {
    const { answer, server } = await get((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
    });
    const { body, ...rest } = await answer;
    expect(Buffer.from(body).toString()).toBe(text);
    expect(rest).toEqual({
      url: `${server.url}/papers`,
      fetchedAt: morning,
      status: 200,
      contentType: 'text/plain',
    });
  });

  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['GZIP, br', brotliCompressSync(gzipSync(text))],
    ['identity', Buffer.from(text)],
  ])('packed as %s is unpacked', async (encoding, packed) => {
    const { body } = await get((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(packed);
    });
    expect(await body).toBe(text);
  });

  test('packed in a way that nobody asked for is refused', async () => {
    const { body } = await get((_, response) => {
      response.writeHead(200, { 'content-encoding': 'zstd' }).end('x');
    });
    expect(await failure(body)).toContain('packed as "zstd", which is unknown');
  });

  test('is given to whoever wants to keep it, also a refusal, but only the last', async () => {
    const kept: Answer[] = [];
    const onAnswer = (answer: Answer) => {
      kept.push(answer);
    };
    const { body } = await get(inTurn(status(503), ok), { onAnswer });
    await body;
    const refused = await get(status(404), { onAnswer });
    await failure(refused.body);
    expect(kept.map(answer => [answer.status, Buffer.from(answer.body).toString()])).toEqual([
      [200, text],
      [404, 'later'],
    ]);
  });
});

describe('a server is told', () => {
  test('who asks', async () => {
    const userAgent = userAgentOf('1.2.3', 'https://papers.example.org');
    const { server, body } = await get(ok, { userAgent });
    await body;
    expect(server.requests[0]?.headers).toMatchObject({
      'user-agent': 'paperround/1.2.3 (+https://papers.example.org)',
      'accept-encoding': 'gzip, deflate, br',
    });
    expect(userAgentOf('1.2.3', null)).toBe('paperround/1.2.3');
  });

  test.each([
    ['etag', '"a1"', 'if-none-match'],
    ['last-modified', 'Wed, 03 Sep 2025 06:00:00 GMT', 'if-modified-since'],
  ])('what we have already, by its %s', async (header, value, question) => {
    const server = await serve((request, response) => {
      if (request.headers[question] === value) response.writeHead(304).end();
      else response.writeHead(200, { [header]: value, 'content-type': 'text/plain' }).end(text);
    });
    const kept: number[] = [];
    const fetcher = createFetcher({
      runtime: testRuntime(),
      mayConnect: onlyLoopback,
      onAnswer: ({ status }) => void kept.push(status),
    });
    const answers = [await fetcher.get(server.url), await fetcher.get(server.url)];
    await fetcher.close();
    expect(answers.map(({ body }) => Buffer.from(body).toString())).toEqual([text, text]);
    expect(answers[1]?.contentType).toBe('text/plain');
    expect(kept).toEqual([200, 304]);
  });
});

describe('what may pass is tried again', () => {
  test.each([
    ['an error of the server', status(500)],
    ['a server that is busy', status(503)],
    [
      'a connection that breaks before the answer',
      (request => request.socket.destroy()) as RequestListener,
    ],
    [
      'a connection that breaks in the middle of it',
      ((_, response) => {
        response.writeHead(200, { 'content-length': '5000' });
        response.write('Daily', () => response.destroy());
      }) as RequestListener,
    ],
    [
      'packed data that ends in the middle',
      ((_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text).subarray(0, 30));
      }) as RequestListener,
    ],
  ])('%s', async (_, broken) => {
    const { body, waited, server } = await get(inTurn(broken, broken, ok));
    expect(await body).toBe(text);
    expect(server.asked).toHaveLength(3);
    // Half to all of one second, then of two.
    expect(waited()).toBeGreaterThanOrEqual(1500);
    expect(waited()).toBeLessThanOrEqual(3000);
  });

  test('but not for ever', async () => {
    const { body, server, waited } = await get(status(500));
    expect(await failure(body)).toMatch(
      /^http:\S+\/papers: the server answered 500 Internal Server Error \(asked 4 times\)$/,
    );
    expect(server.asked).toHaveLength(4);
    expect(waited()).toBeLessThanOrEqual(7000);
  });

  test('and not beyond the time there is', async () => {
    const { body, server } = await get(status(500), { deadlines: { all: 1200 } });
    expect(await failure(body)).toContain('(asked 2 times)');
    expect(server.asked).toHaveLength(2);
  });

  test.each([
    ['seconds', '7'],
    ['a date', new Date(morning + 7000).toUTCString()],
  ])('when the server wants it, said as %s', async (_, after) => {
    const { body, waited } = await get(inTurn(status(429, { 'retry-after': after }), ok));
    expect(await body).toBe(text);
    expect(waited()).toBe(7000);
  });

  test('unless it wants it much later', async () => {
    const { body, server } = await get(status(429, { 'retry-after': '120' }));
    expect(await failure(body)).toMatch(
      /429 Too Many Requests \(it wants to be asked again in 120 seconds\)$/,
    );
    expect(server.asked).toHaveLength(1);
  });
});

describe('a refusal is told in the server’s own words', () => {
  test.each([
    ['JSON', '{"error":"Invalid date\\n2025-13-01"}', ': Invalid date 2025-13-01'],
    ['a page', '<html><title>No &c</title>', ': No &c'],
    [
      'a feed of arXiv',
      "<?xml version='1.0'?><feed xmlns='x'><entry><title>Error</title><summary>incorrect id</summary></entry></feed>",
      ': incorrect id',
    ],
    ['half a feed', '<feed><entry>', ''],
    ['half of JSON', '{"error":', ''],
    ['text', 'no', ''],
  ])('as %s', async (_, said, words) => {
    const { body, server } = await get((_request, response) => response.writeHead(400).end(said));
    expect(await failure(body)).toBe(
      `${server.url}/papers: the server answered 400 Bad Request${words}`,
    );
    expect(server.asked).toHaveLength(1);
  });
});

describe('nobody waits for ever', () => {
  test.each<[string, RequestListener]>([
    ['for an answer', () => {}],
    [
      'for the rest of one',
      (_, response) => {
        const timer = setInterval(() => response.write('x'), 5);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('%s', async (_, listener) => {
    const { body, server } = await get(listener, { deadlines: { try: 50, all: 400 } });
    expect(await failure(body)).toBe(
      `${server.url}/papers: cannot be fetched: no whole answer within 0.05 seconds`,
    );
  });
});

describe('more than a digest can have is not read', () => {
  const megabyte = Buffer.alloc(1_000_000, 'noise ');

  test('where the server says so first', async () => {
    const { body } = await get((_, response) => {
      response.writeHead(200, { 'content-length': '50000000' }).write(megabyte);
    });
    expect(await failure(body)).toMatch(/: 50 MB is no digest; the limit is 20 MB\.$/);
  });

  test('where it has no end', async () => {
    let sent = 0;
    const { body, server } = await get((_, response) => {
      const more = () => {
        sent += 1;
        if (!response.destroyed) response.write(megabyte, () => setImmediate(more));
      };
      more();
    });
    expect(await failure(body)).toMatch(/: more than 20 MB is no digest\.$/);
    expect(sent).toBeLessThan(40);
    expect(server.asked).toHaveLength(1);
  });

  test('where it is packed small', async () => {
    const { body } = await get((_, response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(50_000_000), { level: 1 }));
    });
    expect(await failure(body)).toMatch(/: more than 20 MB is no digest\.$/);
  });

  test('where it is packed, and nothing comes of it for ever', async () => {
    // Stored blocks that hold nothing (RFC 1951 §3.2.4).
    const nothing = Buffer.alloc(1_000_000, Buffer.from([0, 0, 0, 0xff, 0xff]));
    const { body } = await get((_, response) => {
      const more = () => {
        if (!response.destroyed) response.write(nothing, () => setImmediate(more));
      };
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(gzipSync('').subarray(0, 10), more);
    });
    expect(await failure(body)).toMatch(/: more than 20 MB is no digest\.$/);
  });

  test('where it is packed many times over', async () => {
    const { body, server } = await get((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip, gzip, gzip' }).end(text);
    });
    expect(await failure(body)).toBe(`${server.url}/papers: the answer is packed 3 times over.`);
  });
});

test('who does not wait any more gets no answer, and asks no more', async () => {
  const ending = new AbortController();
  const { body, server } = await get(() => ending.abort(), { signal: ending.signal });
  await expect(body).rejects.toThrow('This operation was aborted');
  expect(server.asked).toHaveLength(1);
});

test('answers are kept as long as there is room for them', () => {
  const cache = answerCache(3, 100);
  const put = (url: string, size: number) => {
    const body = Buffer.alloc(size);
    const answer = { url, fetchedAt: morning, status: 200, contentType: null, body };
    cache.put(url, { etag: '"a"', lastModified: null, answer });
  };
  const kept = () => [...'abcd'].map(url => cache.get(url)?.answer.body.length ?? 0);
  for (const url of 'abcd') put(url, 20);
  expect(kept()).toEqual([0, 20, 20, 20]);
  put('b', 60);
  expect(kept()).toEqual([0, 60, 20, 20]);
  put('d', 50);
  expect(kept()).toEqual([0, 0, 0, 50]);
  put('a', 101);
  expect(kept()).toEqual([0, 0, 0, 0]);
});

describe('redirects', () => {
  const to =
    (location: string): RequestListener =>
    (_, response) =>
      response.writeHead(302, { location }).end('moved');

  test('are followed, relative ones too', async () => {
    const { body, server } = await get(inTurn(to('/a?b=c#d'), to('e'), ok));
    expect(await body).toBe(text);
    expect(server.asked).toEqual(['/papers', '/a?b=c', '/e']);
  });

  test.each<[string, RequestListener, string]>([
    ['in a circle', inTurn(to('/a'), to('/papers')), 'it redirects in a circle.'],
    ['to itself', to('/papers'), 'it redirects in a circle.'],
    [
      'without end',
      (request, response) => to(`${request.url}x`)(request, response),
      'it redirects more than 5 times.',
    ],
    ['to nowhere', (_, response) => response.writeHead(302).end(), 'it redirects to no address.'],
    ['to nonsense', to('http://['), 'it redirects to no address.'],
  ])('%s are an error', async (_, listener, reason) => {
    const { body, server } = await get(listener);
    expect(await failure(body)).toBe(`${server.url}/papers: ${reason}`);
    expect(server.asked.length).toBeLessThanOrEqual(6);
  });

  test.each([
    ['http://169.254.169.254/latest/meta-data/', '169.254.169.254'],
    ['http://[::ffff:a9fe:a9fe]/', '::ffff:a9fe:a9fe'],
    ['http://10.0.0.1/', '10.0.0.1'],
    ['//localhost.:8080/', 'localhost.'],
  ])('to %s are not followed', async (location, host) => {
    let asked = 0;
    // The first address is good; the others are judged as they always are.
    const mayConnect = () => {
      asked += 1;
      return asked === 1;
    };
    const { body, server } = await get(to(location), { mayConnect });
    expect(await failure(body)).toBe(
      `${server.url}/papers: it redirects to ${new URL(location, server.url).href}: ` +
        `${host} is on this machine or in a private network.`,
    );
    expect(server.asked).toHaveLength(1);
  });

  test.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://a.test/'])(
    'to %s are not followed',
    async location => {
      const { body } = await get(to(location));
      expect(await failure(body)).toContain('this is no http or https address');
    },
  );
});

describe('this machine and private networks', () => {
  test.each([
    '127.0.0.1',
    'localhost',
    'a.localhost',
    '2130706433',
    '0x7f.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '192.168.1.1',
    '169.254.169.254',
  ])('are not asked: %s', async host => {
    const fetcher = createFetcher({ runtime: testRuntime() });
    expect(await failure(fetcher.get(`http://${host}:1/x`))).toMatch(
      /is on this machine or in a private network\. If it is meant to be, set DIGEST_ALLOW_PRIVATE=yes\.$/,
    );
  });

  test('are found out by the address that a name leads to', async () => {
    const server = await serve(ok);
    const fetcher = createFetcher({
      runtime: testRuntime(),
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const message = await failure(fetcher.get(`http://papers.test:${server.port}/`));
    await fetcher.close();
    expect(message).toContain('papers.test is on this machine or in a private network. If');
    expect(server.asked).toEqual([]);
  });

  test('are passed over where a name leads to them among others', async () => {
    const server = await serve(ok);
    const fetcher = createFetcher({
      runtime: testRuntime(),
      mayConnect: onlyLoopback,
      lookup: (_name, _options, callback) =>
        callback(null, [
          { address: '169.254.169.254', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    const { status } = await fetcher.get(`http://papers.test:${server.port}/`);
    await fetcher.close();
    expect(status).toBe(200);
  });
});

describe('an address', () => {
  test('with a password in it is refused without showing it', async () => {
    const fetcher = createFetcher({ runtime: testRuntime() });
    const message = await failure(fetcher.get('https://me:s3cret@papers.test/list?x'));
    expect(message).toBe(
      'https://papers.test: an address of a digest must not hold a user or password.',
    );
  });

  test('where nobody listens is an error', async () => {
    const fetcher = createFetcher({ runtime: testRuntime(), mayConnect: onlyLoopback });
    expect(await failure(fetcher.get('http://127.0.0.1:1/'))).toBe(
      'http://127.0.0.1:1/: cannot be fetched: nobody listens there (connection refused) (asked 4 times)',
    );
    await fetcher.close();
  });

  test('whose name nobody knows is not asked for again', async () => {
    const runtime = testRuntime();
    const lookup: FetcherOptions['lookup'] = (_name, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), '', 0);
    const fetcher = createFetcher({ runtime, lookup });
    expect(await failure(fetcher.get('http://papers.test/'))).toBe(
      'http://papers.test/: cannot be fetched: there is no host of that name',
    );
    await fetcher.close();
  });
});

describe('a proxy', () => {
  test('is asked for what is not excepted, and may be in a private network', async () => {
    const proxy = await serve(ok);
    const fetcher = createFetcher({
      runtime: testRuntime(),
      proxy: { http: proxy.url.replace('http://', ''), https: null, except: '.lan' },
      lookup: (_name, _options, callback) => callback(null, [{ address: '10.0.0.1', family: 4 }]),
    });
    const { status } = await fetcher.get('http://papers.test/list');
    const message = await failure(fetcher.get('http://papers.lan/list'));
    const metadata = await failure(fetcher.get('http://169.254.169.254/'));
    await fetcher.close();
    expect(status).toBe(200);
    expect(proxy.asked).toEqual(['http://papers.test/list']);
    expect(message).toContain('papers.lan is on this machine or in a private network');
    expect(metadata).toContain('169.254.169.254 is on this machine');
  });

  test('is asked for a tunnel to what is https', async () => {
    const asked: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>(done => proxy.listen(0, '127.0.0.1', done));
    const { port } = proxy.address() as AddressInfo;
    const fetcher = createFetcher({
      runtime: testRuntime(),
      proxy: { http: null, https: `http://127.0.0.1:${port}`, except: '' },
    });
    const message = await failure(fetcher.get('https://papers.test/list'));
    await fetcher.close();
    proxy.close();
    expect(asked[0]).toBe('papers.test:443');
    expect(message).toContain('cannot be fetched: Proxy response (403)');
  });

  test('that is no address is an error which does not show it', async () => {
    const proxy = { http: null, https: 'socks5://me:s3cret@proxy.test', except: '' };
    const fetcher = createFetcher({ runtime: testRuntime(), proxy });
    const message = await failure(fetcher.get('https://papers.test/'));
    expect(message).toMatch(/^HTTPS_PROXY: this is no address of a proxy/);
    expect(message).not.toContain('s3cret');
  });
});
