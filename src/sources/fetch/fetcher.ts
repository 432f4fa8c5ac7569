import { STATUS_CODES } from 'node:http';
import type { LookupFunction } from 'node:net';
import { InputError } from '../../lib/errors.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { Answer } from '../../store/papers.ts';
import { type FetchCache, memoryCache } from './cache.ts';
import type { Client, Reply } from './client.ts';
import type { ProxySettings } from './connect.ts';
import { isPrivateAddress, type MayConnect } from './private-address.ts';
import { explain } from './reasons.ts';
import { wordsOf } from './refusal.ts';
import { isPassing, readRetryAfter, retryDelay } from './retry.ts';

/** Fetches digests. */
export type Fetcher = {
  /**
   * GETs a URL: follows redirects, tries again what may pass, and has sent again only what is new.
   * Throws InputError where there is no answer, or one that refuses.
   */
  readonly get: (url: string) => Promise<Answer>;
  /** Ends its connections. */
  readonly close: () => Promise<void>;
};

/** Milliseconds: until a connection stands, for one try, and for all tries of a URL together. */
export type Deadlines = { readonly connect: number; readonly try: number; readonly all: number };

export type FetcherOptions = {
  readonly runtime: Pick<Runtime, 'now' | 'wait' | 'random'>;
  /** Whom servers see, see `userAgentOf()`. */
  readonly userAgent?: string | undefined;
  readonly proxy?: ProxySettings | undefined;
  readonly cache?: FetchCache | undefined;
  /** Public addresses may be connected to where this is left out. */
  readonly mayConnect?: MayConnect | undefined;
  readonly lookup?: LookupFunction | undefined;
  readonly deadlines?: Partial<Deadlines> | undefined;
  /** Aborted where nobody waits for answers any more: `get()` then throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is given the last answer for each URL, be it a refusal. If it fails, so does `get()`. */
  readonly onAnswer?: ((answer: Answer) => void | Promise<void>) | undefined;
};

/** `paperround/0.1.0 (+https://papers.example.org)`; who runs us can be found by it. */
export function userAgentOf(version: string, publicUrl: string | null): string {
  return `paperround/${version}${publicUrl ? ` (+${publicUrl})` : ''}`;
}

const usualDeadlines: Deadlines = { connect: 10_000, try: 30_000, all: 60_000 };

/** A fetcher with connections of its own, opened when the first URL is asked for. */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { runtime, cache = memoryCache() } = options;
  const deadlines = { ...usualDeadlines, ...options.deadlines };
  const mayConnect = options.mayConnect ?? (address => !isPrivateAddress(address));
  let client: Promise<Client> | null = null;
  const open = () => {
    // Most commands read a file and need no network.
    client ??= import('./client.ts').then(({ openClient }) =>
      openClient({ ...options, mayConnect, connectTimeout: deadlines.connect }),
    );
    return client;
  };

  async function tryOnce(url: string, until: number): Promise<Answer | Failure> {
    const known = await cache.get(url);
    const headers = {
      'user-agent': options.userAgent ?? 'paperround',
      ...(known?.etag && { 'if-none-match': known.etag }),
      ...(known?.lastModified && { 'if-modified-since': known.lastModified }),
    };
    const limit = Math.max(1, Math.min(deadlines.try, until - runtime.now()));
    const ends = [AbortSignal.timeout(limit), ...(options.signal ? [options.signal] : [])];
    try {
      const reply = await (await open()).ask(url, headers, AbortSignal.any(ends));
      const { status } = reply;
      const fetchedAt = runtime.now();
      if (status === 304 && known) return { ...known, url, fetchedAt, status };
      const contentType = reply.header('content-type');
      const answer = { url, fetchedAt, status, contentType, body: reply.body };
      if (status < 200 || status > 299) return refusal(answer, reply);
      const etag = reply.header('etag');
      const lastModified = reply.header('last-modified');
      if (etag || lastModified) {
        await cache.put(url, { etag, lastModified, contentType, body: reply.body });
      }
      return answer;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof InputError) throw error;
      return brokenConnection(error, limit);
    }
  }

  return {
    async get(url) {
      const until = runtime.now() + deadlines.all;
      for (let tries = 1; ; tries += 1) {
        const came = await tryOnce(url, until);
        if (!('reason' in came)) {
          await options.onAnswer?.(came);
          return came;
        }
        const chance = runtime.random(4).readUInt32BE() / 2 ** 32;
        const delay = came.passing ? retryDelay(tries, came.asked, chance) : null;
        if (delay === null || runtime.now() + delay >= until) {
          if (came.answer) await options.onAnswer?.(came.answer);
          throw toError(url, came, tries);
        }
        await runtime.wait(delay, options.signal);
      }
    },
    close: async () => (await client)?.close(),
  };
}

/** Why one try came to nothing. */
type Failure = {
  readonly reason: string;
  /** Whether the next try may be different. */
  readonly passing: boolean;
  /** Milliseconds for which the server asks to be left alone. */
  readonly asked: number | null;
  readonly answer: Answer | null;
  readonly cause?: unknown;
};

function refusal(answer: Answer, reply: Reply): Failure {
  const { status, body, fetchedAt } = answer;
  const words = wordsOf(body);
  const named = `the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  return {
    reason: words ? `${named}: ${words}` : named,
    passing: isPassing(status),
    asked: readRetryAfter(reply.header('retry-after'), fetchedAt),
    answer,
  };
}

function brokenConnection(cause: unknown, limit: number): Failure {
  const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
  const { reason, passing } = timedOut
    ? { reason: `no whole answer within ${limit / 1000} seconds`, passing: true }
    : explain(cause);
  return { reason: `cannot be fetched: ${reason}`, passing, asked: null, answer: null, cause };
}

function toError(url: string, { reason, asked, cause }: Failure, tries: number): InputError {
  const notes = [
    tries > 1 ? `asked ${tries} times` : null,
    asked ? `it wants to be asked again in ${Math.ceil(asked / 1000)} seconds` : null,
  ].filter(note => note !== null);
  const note = notes.length > 0 ? ` (${notes.join('; ')})` : '';
  return new InputError(`${url}: ${reason}${note}`, cause === undefined ? {} : { cause });
}
