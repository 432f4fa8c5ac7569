import { connect, type Socket } from 'node:net';

/** A request as it goes over the wire. */
export type WireRequest = string;

/** `GET /` as a client writes it that keeps the connection. */
export const getRequest = (path: string): WireRequest =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** RFC 8058 §3.2. */
export const oneClick = (path: string): WireRequest =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n` +
  'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\n' +
  'List-Unsubscribe=One-Click';

/** A form as a browser sends it, by a proxy for the client at `from`. */
export const formRequest = (path: string, fields: Record<string, string>, from: string) => {
  const body = new URLSearchParams(fields).toString();
  return (
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${from}\r\n` +
    'Content-Type: application/x-www-form-urlencoded\r\n' +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
};

/** A connection that is asked one thing after the other; costs the client little. */
export type Client = {
  /** Sends the request; resolves with the answer's status and body length once it is there. */
  ask(request: WireRequest): Promise<{ status: number; length: number }>;
  close(): void;
  /** Whether the server has ended it meanwhile, as it does with idle ones. */
  readonly closed: boolean;
};

/** Opens a connection to this machine. Answers must say their Content-Length or be chunked. */
export async function openClient(port: number): Promise<Client> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise((resolve, reject) => socket.on('connect', resolve).on('error', reject));
  let chunks: Buffer[] = [];
  let size = 0;
  let expected = -1;
  let status = 0;
  let waiting: {
    resolve: (answer: { status: number; length: number }) => void;
    reject: (error: Error) => void;
  } | null = null;
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')));
  socket.on('data', chunk => {
    chunks.push(chunk);
    size += chunk.length;
    if (expected < 0) {
      const head = Buffer.concat(chunks).toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      status = Number(head.slice(9, 12));
      const length = /content-length: (\d+)/i.exec(head.slice(0, end))?.[1];
      if (length === undefined) throw new Error('an answer without a length');
      expected = end + 4 + Number(length);
    }
    if (size < expected) return;
    const answer = { status, length: expected };
    chunks = [];
    size = 0;
    expected = -1;
    waiting?.resolve(answer);
    waiting = null;
  });
  return {
    ask: request =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
    get closed() {
      return socket.destroyed || !socket.writable;
    },
  };
}

/** How many answers a second come on `connections` connections that are never idle. */
export async function rateOf(
  port: number,
  request: WireRequest,
  { connections, ms }: { connections: number; ms: number },
): Promise<number> {
  const clients = await Promise.all(Array.from({ length: connections }, () => openClient(port)));
  const end = performance.now() + ms;
  let answers = 0;
  const loop = async (client: Client) => {
    while (performance.now() < end) {
      const { status } = await client.ask(request);
      if (status !== 200) throw new Error(`answered ${status}`);
      answers += 1;
    }
  };
  const started = performance.now();
  await Promise.all(clients.map(loop));
  const rate = answers / ((performance.now() - started) / 1000);
  for (const client of clients) client.close();
  return rate;
}

/** How long answers took, ms. */
export type Latencies = { readonly p50: number; readonly p99: number; readonly max: number };

/**
 * Asks at a steady rate, whether or not earlier answers are there, for `ms`. What is measured
 * begins when a request was due, so that one that had to wait for a client counts in full.
 */
export async function latenciesAt(
  port: number,
  perSecond: number,
  ms: number,
  requestOf: (number: number) => WireRequest,
): Promise<Latencies> {
  const idle: Client[] = [];
  const open: Client[] = [];
  const latencies: number[] = [];
  const asked: Promise<void>[] = [];
  const started = performance.now();
  const ask = async (number: number) => {
    const due = started + (number * 1000) / perSecond;
    let client = idle.pop();
    while (client?.closed) client = idle.pop();
    client ??= await openClient(port);
    if (!open.includes(client)) open.push(client);
    const { status } = await client.ask(requestOf(number));
    if (status !== 200) throw new Error(`answered ${status}`);
    latencies.push(performance.now() - due);
    idle.push(client);
  };
  const total = Math.floor((ms * perSecond) / 1000);
  let next = 0;
  await new Promise<void>(resolve => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - started;
      const due = Math.min(total, Math.floor((elapsed * perSecond) / 1000) + 1);
      while (next < due) asked.push(ask(next++));
      if (next < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await Promise.all(asked);
  for (const client of open) client.close();
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN };
}
