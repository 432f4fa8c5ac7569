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

/** Keeps the answers of the last `capacity` URLs for as long as the process runs. */
export function memoryCache(capacity = 20): FetchCache {
  const answers = new Map<string, CachedAnswer>();
  return {
    get: async url => answers.get(url) ?? null,
    put: async (url, answer) => {
      answers.delete(url);
      answers.set(url, answer);
      const [oldest] = answers.keys();
      if (answers.size > capacity && oldest !== undefined) answers.delete(oldest);
    },
  };
}
