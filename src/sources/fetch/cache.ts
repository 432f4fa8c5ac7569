/** What is kept of an answer, so that the server need not send it again (RFC 9110 §13.1). */
export type CachedAnswer = {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly contentType: string | null;
  readonly body: Uint8Array;
};

/** Where answers are kept, by the URL that was asked for. */
export type FetchCache = {
  readonly get: (url: string) => Promise<CachedAnswer | null>;
  readonly put: (url: string, answer: CachedAnswer) => Promise<void>;
};

/**
 * Keeps the answers of the last `capacity` URLs, and of no more than have `most` bytes together, for
 * as long as the process runs.
 */
export function memoryCache(capacity = 20, most = 20_000_000): FetchCache {
  const answers = new Map<string, CachedAnswer>();
  let size = 0;
  const drop = (url: string) => {
    size -= answers.get(url)?.body.length ?? 0;
    answers.delete(url);
  };
  return {
    get: async url => answers.get(url) ?? null,
    put: async (url, answer) => {
      drop(url);
      answers.set(url, answer);
      size += answer.body.length;
      for (const oldest of answers.keys()) {
        if (answers.size <= capacity && size <= most) break;
        drop(oldest);
      }
    },
  };
}
