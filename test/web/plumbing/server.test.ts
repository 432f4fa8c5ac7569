import { connect } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../../../src/lib/errors.ts';
import { FormError, readForm } from '../../../src/web/plumbing/form.ts';
import { type ServerLimits, startServer } from '../../../src/web/plumbing/server.ts';

const patient: ServerLimits = {
  headers: 10_000,
  request: 10_000,
  keepAlive: 10_000,
  silence: 10_000,
  closing: 60_000,
  connections: 100,
};

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A server whose `/slow` answers when `finish()` is called. */
async function aServer(limits: Partial<ServerLimits> = {}) {
  const slow = deferred<void>();
  const asked = deferred<void>();
  const web = new Hono();
  web.get('/', context => context.text('home'));
  web.get('/slow', async context => {
    asked.resolve();
    await slow.promise;
    return context.text('slow');
  });
  web.get('/endless', context => {
    const body = new ReadableStream({ pull: to => to.enqueue(Buffer.alloc(65_536)) });
    return context.body(body);
  });
  web.post('/form', async context => {
    asked.resolve();
    const { a } = await readForm(context.req.raw, { a: 10 });
    return context.text(a);
  });
  web.onError((error, context) =>
    context.text(error.message, error instanceof FormError ? error.status : 500),
  );
  const server = await startServer(web, '127.0.0.1', 0, { ...patient, ...limits });
  onTestFinished(async () => {
    slow.resolve();
    await server.close();
  });
  return { ...server, asked: asked.promise, finish: slow.resolve };
}

/** Writes to a connection; `end` is all that came back when the server closed it. */
function talk(port: number, ...texts: string[]) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  let heard = '';
  const first = deferred<string>();
  const end = deferred<string>();
  socket.setEncoding('latin1').on('data', text => {
    heard += text;
    first.resolve(heard);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    first.resolve(heard);
    end.resolve(heard);
  });
  for (const text of texts) socket.write(text);
  return { first: first.promise, end: end.promise, socket };
}

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x.test\r\n${more}\r\n`;

describe('the server', () => {
  it('says where it cannot listen, and what to do', async () => {
    const { port } = await aServer();
    const second = startServer(new Hono(), '127.0.0.1', port);
    await expect(second).rejects.toThrow(UsageError);
    await expect(second).rejects.toThrow(/cannot listen at 127\.0\.0\.1:\d+: .*PORT=/);
  });

  it('answers several requests on one connection', async () => {
    const { port } = await aServer();
    const { end } = talk(port, get('/'), get('/', 'Connection: close\r\n'));
    expect((await end).match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  it('answers HEAD without the content', async () => {
    const { port } = await aServer();
    const head = 'HEAD / HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n';
    expect(await talk(port, head).end).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/);
  });

  it.each([
    ['what is no HTTP', 'hello\r\n\r\n', '400', 'not a request'],
    [
      'headers that smuggle',
      get('/', 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'),
      '400',
      '',
    ],
    ['a request without a host', 'GET / HTTP/1.1\r\n\r\n', '400', ''],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', '400', 'not an address'],
    [
      'a target that is none',
      'OPTIONS * HTTP/1.1\r\nHost: x.test\r\n\r\n',
      '400',
      'not an address',
    ],
    ['a backslash', get('/a\\b'), '400', 'not an address'],
    ['too many headers', get('/', `X: ${'x'.repeat(20_000)}\r\n`), '431', 'more headers'],
    ['a target without end', get(`/${'x'.repeat(20_000)}`), '431', 'more headers'],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: x.test\r\n\r\n', '404', ''],
    ['a NUL', get('/\0'), '400', 'not a request'],
  ])('refuses %s', async (_title, request, status, words) => {
    const { port } = await aServer();
    const { first } = talk(port, request);
    expect(await first).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*${words}`));
  });

  it('refuses CONNECT by hanging up', async () => {
    const { port } = await aServer();
    expect(await talk(port, 'CONNECT x.test:25 HTTP/1.1\r\nHost: x.test\r\n\r\n').end).toBe('');
  });

  it('tells who posts too much so, and does not read it all', async () => {
    const { port } = await aServer();
    const start = `POST /form HTTP/1.1\r\nHost: x.test\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
    const announced = talk(port, `${start}Content-Length: 9999999\r\n\r\na=`, 'x'.repeat(50_000));
    expect(await announced.first).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `2000\r\n${'x'.repeat(8192)}\r\n`;
    const chunked = talk(port, `${start}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk, chunk);
    expect(await chunked.first).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe('a client that takes its time', () => {
  it('with its headers is told so, and let go', async () => {
    const { port } = await aServer({ headers: 60 });
    const { end, socket } = talk(port, 'GET / HTTP/1.1\r\nHost: x.test\r\n');
    const drip = setInterval(() => socket.write('X: x\r\n'), 10);
    onTestFinished(() => clearInterval(drip));
    expect(await end).toMatch(/^HTTP\/1\.1 408 [\s\S]*took too long/);
  });

  it('with its form is told so, and let go', async () => {
    const { port } = await aServer({ headers: 60, request: 60 });
    const start = `POST /form HTTP/1.1\r\nHost: x.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n`;
    const { end, socket } = talk(port, start);
    const drip = setInterval(() => socket.write('a'), 10);
    onTestFinished(() => clearInterval(drip));
    expect(await end).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('without saying anything is let go', async () => {
    const { port } = await aServer({ headers: 60 });
    expect(await talk(port).end).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  it('to take the answer is let go', async () => {
    const { port, close } = await aServer({ silence: 60 });
    const { socket, first } = talk(port, get('/endless'));
    await first;
    socket.pause();
    await close();
  });

  it('is one of so many, and no more', async () => {
    const { port } = await aServer({ connections: 1 });
    const one = talk(port, get('/'));
    await one.first;
    expect(await talk(port, get('/')).end).toBe('');
  });
});

describe('closing', () => {
  it('finishes what was asked, says that it is the last, and takes no more', async () => {
    const { port, asked, finish, close } = await aServer();
    const slow = talk(port, get('/slow'));
    await asked;
    const closed = close();
    expect(await talk(port, get('/')).end).toBe('');
    finish();
    const answer = await slow.end;
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*Connection: close[\s\S]*slow$/i);
    await closed;
  });

  it('does not wait for who asks nothing', async () => {
    const { port, close } = await aServer();
    const idle = talk(port, get('/'));
    await idle.first;
    const silent = talk(port);
    const half = talk(port, 'GET / HTTP/1.1\r\n');
    await talk(port, get('/')).first;
    await close();
    await Promise.all([idle.end, silent.end, half.end]);
  });

  it('waits for an answer no longer than it is told', async () => {
    const { port, asked, close } = await aServer({ closing: 30 });
    const slow = talk(port, get('/slow'));
    await asked;
    await close();
    expect(await slow.end).toBe('');
  });

  it('waits for a form no longer than it is told', async () => {
    const { port, asked, close } = await aServer({ closing: 30 });
    const start = `POST /form HTTP/1.1\r\nHost: x.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n`;
    const half = talk(port, start);
    await asked;
    await close();
    await half.end;
  });

  it('may be asked for twice', async () => {
    const { close } = await aServer();
    await Promise.all([close(), close()]);
    await close();
  });
});
