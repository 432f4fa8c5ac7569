import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Hono } from 'hono';
import { messageOf, UsageError } from '../../lib/errors.ts';

/** A running web server. */
export type WebServer = {
  readonly port: number;
  /** Takes no more requests, and ends when those that are being answered are. */
  close(): Promise<void>;
};

/**
 * How long clients may take, in ms, and how many there may be at once: no page takes a second, and the
 * lanes need file descriptors too.
 */
const limits = {
  /** For a request's headers, and for the whole of it. */
  headers: 10_000,
  request: 15_000,
  /** Without a request on an open connection, and without taking a byte of an answer. */
  keepAlive: 5000,
  silence: 30_000,
  /** For answers that are on their way when the server closes. */
  closing: 5000,
  connections: 2000,
};

export type ServerLimits = Readonly<typeof limits>;

/**
 * Serves the pages at `host` and `port` (0: any free one).
 * @throws UsageError where it cannot listen there.
 */
export async function startServer(
  pages: Hono,
  host: string,
  port: number,
  { headers, request, keepAlive, silence, closing, connections }: ServerLimits = limits,
): Promise<WebServer> {
  const answer = getRequestListener(pages.fetch, { errorHandler: plainError });
  const server = createServer(
    {
      headersTimeout: headers,
      requestTimeout: request,
      keepAliveTimeout: keepAlive,
      connectionsCheckingInterval: Math.min(1000, headers / 2),
    },
    answer,
  );
  server.setTimeout(silence);
  server.maxConnections = connections;
  const traffic = watchTraffic(server);
  server.on('clientError', (error, socket) => {
    // Into an answer that has begun no other can be written.
    const begun = traffic.answersTo(socket).some(response => response.headersSent);
    if (begun || !socket.writable) socket.destroy();
    else socket.end(refusal(error), () => socket.destroy());
  });
  await listen(server, host, port);
  let closed: Promise<void> | null = null;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      closed ??= traffic.end(closing);
      return closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', error =>
      reject(
        new UsageError(
          `cannot listen at ${host}:${port}: ${messageOf(error)}. Set PORT to a free one, such as PORT=${port + 1}`,
          { cause: error },
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
}

/** Knows which connections have a request to be answered, so that closing waits for these alone. */
function watchTraffic(server: Server) {
  const answers = new Map<Duplex, Set<ServerResponse>>();
  let closing = false;
  server.on('connection', socket => {
    answers.set(socket, new Set());
    socket.on('close', () => answers.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    const ofSocket = answers.get(socket);
    ofSocket?.add(response);
    // Says `Connection: close` (RFC 9112 §9.6).
    if (closing) response.shouldKeepAlive = false;
    response.on('close', () => {
      ofSocket?.delete(response);
      if (closing && ofSocket?.size === 0) socket.destroySoon();
    });
  });
  return {
    answersTo: (socket: Duplex) => [...(answers.get(socket) ?? [])],
    end: (graceMs: number) =>
      new Promise<void>(resolve => {
        closing = true;
        const late = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(late);
          resolve();
        });
        for (const [socket, ofSocket] of answers) {
          if (ofSocket.size === 0) socket.destroy();
          for (const response of ofSocket) response.shouldKeepAlive = false;
        }
      }),
  };
}

/** What the HTTP parser could not read, in words. */
function refusal(error: Error): string {
  const code = 'code' in error ? error.code : '';
  const [status, words] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'This request has more headers than are read here.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'This request took too long to arrive.']
        : ['400 Bad Request', 'This is not a request that can be read here.'];
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\nContent-Length: ${words.length + 1}\r\nConnection: close\r\n\r\n${words}\n`;
}

/** Where not even a page that says so could be made; a target that is no address is the client's. */
function plainError(error: unknown): Response {
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store' };
  return error instanceof RequestError
    ? new Response('This is not an address that there could be.\n', { status: 400, headers })
    : new Response('Something went wrong here.\n', { status: 500, headers });
}
