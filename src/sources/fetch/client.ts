import { isIP } from 'node:net';
import { type Dispatcher, request } from 'undici';
import { InputError } from '../../lib/errors.ts';
import { acceptedEncodings, readBody } from './body.ts';
import { type ConnectOptions, openConnections, PrivateAddressError } from './connect.ts';
import type { MayConnect } from './private-address.ts';

/** What a server replied, whatever its status, unpacked. */
export type HttpReply = {
  readonly status: number;
  /** The value of a header by its name in lower case; the first where there are several. */
  readonly header: (name: string) => string | null;
  readonly body: Uint8Array;
};

type AskOptions = {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** Asks once. */
export type HttpClient = {
  /**
   * GETs a URL and what it redirects to. Throws InputError where asking again is no use, and else
   * what the connection threw, or the reason of `signal`.
   */
  readonly ask: (url: string, options: AskOptions) => Promise<HttpReply>;
  readonly close: () => Promise<void>;
};

/** A client with connections of its own. */
export function openClient(options: ConnectOptions): HttpClient {
  const dispatcher = openConnections(options);
  return {
    async ask(first, how) {
      const asked = [first];
      for (;;) {
        const { href } = checkUrl(asked, options.mayConnect);
        const reply = await askOnce(href, dispatcher, how).catch((error: unknown) => {
          throw error instanceof PrivateAddressError ? notPublic(asked, error.host) : error;
        });
        if (!redirects.has(reply.status)) return reply;
        asked.push(nextUrl(reply.header('location'), asked));
      }
    },
    close: () => dispatcher.destroy(),
  };
}

const redirects = new Set([301, 302, 303, 307, 308]);

async function askOnce(
  url: string,
  dispatcher: Dispatcher,
  { headers, signal }: AskOptions,
): Promise<HttpReply> {
  const response = await request(url, {
    dispatcher,
    signal,
    headers: { accept: '*/*', 'accept-encoding': acceptedEncodings, ...headers },
  });
  const header = (name: string) => [response.headers[name] ?? []].flat()[0] ?? null;
  const status = response.statusCode;
  if (redirects.has(status)) {
    await response.body.dump();
    return { status, header, body: new Uint8Array() };
  }
  const sizes = { encoding: header('content-encoding'), length: header('content-length') };
  return { status, header, body: await readBody(response.body, sizes, url, signal) };
}

/** How many redirects are followed, one after the other. */
const mostRedirects = 5;

/**
 * Checks the last of the URLs `asked`, each of which led to the next, before anything is sent there:
 * http(s), no password in it, no address that may not be connected to. Names are judged when they
 * are looked up. Throws InputError.
 */
function checkUrl(asked: readonly string[], mayConnect: MayConnect): URL {
  const text = asked.at(-1) ?? '';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InputError(`${text}: this is no http or https address.`);
  }
  if (url.username || url.password) {
    // Not echoed: this goes to logs.
    throw new InputError(`${url.origin}: an address of a digest must not hold a user or password.`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = /(?:^|\.)localhost\.?$/.test(host) ? '127.0.0.1' : host;
  if (isIP(address) && !mayConnect(address)) throw notPublic(asked, host);
  return url;
}

/** The error where the last of the URLs `asked` is on `host`, in no public network. */
function notPublic(asked: readonly string[], host: string): InputError {
  const where = `${host} is on this machine or in a private network`;
  const [first = '', ...others] = asked;
  if (others.length > 0)
    return new InputError(`${first}: it redirects to ${others.at(-1)}: ${where}.`);
  return new InputError(`${first}: ${where}. If it is meant to be, set DIGEST_ALLOW_PRIVATE=yes.`);
}

/**
 * Where an answer sends us on to, given the URLs that were asked so far, the last one being where it
 * comes from. Throws InputError for a redirect that leads nowhere, in a circle, or on and on.
 */
function nextUrl(location: string | null, asked: readonly string[]): string {
  const [first = ''] = asked;
  const from = asked.at(-1) ?? '';
  if (!location || !URL.canParse(location, from)) {
    throw new InputError(`${first}: it redirects to no address.`);
  }
  const next = new URL(location, from);
  next.hash = '';
  if (asked.includes(next.href)) throw new InputError(`${first}: it redirects in a circle.`);
  if (asked.length > mostRedirects) {
    throw new InputError(`${first}: it redirects more than ${mostRedirects} times.`);
  }
  return next.href;
}
