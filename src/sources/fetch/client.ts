import { type Dispatcher, request } from 'undici';
import { acceptedEncodings, readBody } from './body.ts';
import { type ConnectOptions, openConnections, PrivateAddressError } from './connect.ts';
import { checkUrl, nextUrl, notPublic } from './url.ts';

/** What a server replied, whatever its status, unpacked. */
export type Reply = {
  readonly status: number;
  /** The value of a header by its name in lower case; the first where there are several. */
  readonly header: (name: string) => string | null;
  readonly body: Uint8Array;
};

/** Asks once. */
export type Client = {
  /**
   * GETs a URL and what it redirects to. Throws InputError where asking again is no use, and else
   * what the connection threw, or the reason of `signal`.
   */
  readonly ask: (
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<Reply>;
  readonly close: () => Promise<void>;
};

/** A client with connections of its own. */
export function openClient(options: ConnectOptions): Client {
  const dispatcher = openConnections(options);
  return {
    async ask(url, headers, signal) {
      const asked = [url];
      for (;;) {
        const { href } = checkUrl(asked, options.mayConnect);
        const reply = await askOnce(href, { dispatcher, headers, signal }).catch(
          (error: unknown) => {
            throw error instanceof PrivateAddressError ? notPublic(asked, error.host) : error;
          },
        );
        if (!isRedirect(reply.status)) return reply;
        asked.push(nextUrl(reply.header('location'), asked));
      }
    },
    close: () => dispatcher.destroy(),
  };
}

type AskOptions = {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

async function askOnce(url: string, { dispatcher, headers, signal }: AskOptions): Promise<Reply> {
  const response = await request(url, {
    dispatcher,
    signal,
    headers: { accept: '*/*', 'accept-encoding': acceptedEncodings, ...headers },
  });
  const header = (name: string) => [response.headers[name] ?? []].flat()[0] ?? null;
  const status = response.statusCode;
  if (isRedirect(status)) {
    await response.body.dump();
    return { status, header, body: new Uint8Array() };
  }
  const sizes = { encoding: header('content-encoding'), length: header('content-length') };
  return { status, header, body: await readBody(response.body, sizes, url, signal) };
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}
