import { InputError } from '../../lib/errors.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { Answer } from '../../store/papers.ts';
import type { HttpClient } from './client.ts';
import type { ConnectOptions } from './connect.ts';
import { brokenConnection, type Failure, refusal, retryDelay, toError } from './failure.ts';
import { isPrivateAddress, type MayConnect } from './private-address.ts';

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

export type FetcherOptions = Pick<ConnectOptions, 'proxy' | 'lookup'> & {
  readonly runtime: Pick<Runtime, 'now' | 'wait' | 'random'>;
  /** Whom servers see, see `userAgentOf()`. */
  readonly userAgent?: string | undefined;
  readonly cache?: AnswerCache | undefined;
  /** Public addresses may be connected to where this is left out. */
  readonly mayConnect?: MayConnect | undefined;
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
  const { runtime, cache = answerCache() } = options;
  const deadlines = { ...usualDeadlines, ...options.deadlines };
  const mayConnect = options.mayConnect ?? (address => !isPrivateAddress(address));
  let client: Promise<HttpClient> | null = null;
  const open = () => {
    // Most commands read a file and need no network.
    client ??= import('./client.ts').then(({ openClient }) =>
      openClient({ ...options, mayConnect, connectTimeout: deadlines.connect }),
    );
    return client;
  };

  async function tryOnce(url: string, until: number): Promise<Answer | Failure> {
    const known = cache.get(url);
    const headers = {
      'user-agent': options.userAgent ?? 'paperround',
      ...(known?.etag && { 'if-none-match': known.etag }),
      ...(known?.lastModified && { 'if-modified-since': known.lastModified }),
    };
    const limit = Math.max(1, Math.min(deadlines.try, until - runtime.now()));
    const ends = [AbortSignal.timeout(limit), ...(options.signal ? [options.signal] : [])];
    try {
      const { status, header, body } = await (await open()).ask(url, {
        headers,
        signal: AbortSignal.any(ends),
      });
      const fetchedAt = runtime.now();
      if (status === 304 && known) return { ...known.answer, fetchedAt, status };
      const answer = { url, fetchedAt, status, contentType: header('content-type'), body };
      if (status < 200 || status > 299) return refusal(answer, header('retry-after'));
      const validators = { etag: header('etag'), lastModified: header('last-modified') };
      if (validators.etag || validators.lastModified) cache.put(url, { ...validators, answer });
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
        const delay = retryDelay(came, tries, runtime.random(4).readUInt32BE() / 2 ** 32);
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

/** An answer that is kept so that the server need not send it again (RFC 9110 §13.1). */
type CachedAnswer = {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly answer: Answer;
};

/** Where answers are kept, by the URL that was asked for. */
export type AnswerCache = ReturnType<typeof answerCache>;

/**
 * Keeps the answers of the last `capacity` URLs, and of no more than have `most` bytes together, for
 * as long as the process runs.
 */
export function answerCache(capacity = 20, most = 20_000_000) {
  const cached = new Map<string, CachedAnswer>();
  let size = 0;
  const drop = (url: string) => {
    size -= cached.get(url)?.answer.body.length ?? 0;
    cached.delete(url);
  };
  return {
    get: (url: string) => cached.get(url) ?? null,
    put(url: string, one: CachedAnswer) {
      drop(url);
      cached.set(url, one);
      size += one.answer.body.length;
      for (const oldest of cached.keys()) {
        if (cached.size <= capacity && size <= most) break;
        drop(oldest);
      }
    },
  };
}
