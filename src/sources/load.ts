import type { LoadedDigest } from '../digest/digest.ts';
import { EmptyDigestError } from '../digest/empty.ts';
import { parseDigest } from '../digest/parse.ts';
import { addDays, type Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import { createRuntime } from '../lib/runtime.ts';
import { combine, type Outcome } from './combine.ts';
import { loadDailyPapers } from './daily-papers-api.ts';
import { createFetcher, type Fetcher, type FetcherOptions } from './fetch/fetcher.ts';
import { isDailyPapersApi, splitSources, urlOf } from './names.ts';
import { type ByteStream, isFile, readDigestText } from './read.ts';

/** How to load a digest. What is left out has a default that works. */
export type LoadOptions = Partial<FetcherOptions> & {
  /** Today, or the day the editor named: what a day without a year is reckoned from. */
  readonly referenceDay: Day;
  readonly stdin: ByteStream;
  /** The day whose papers are wanted; the source's latest where it is left out. */
  readonly date?: Day | undefined;
  /** The ISO week whose papers are wanted, `2025-W36`; the Daily Papers API alone can tell. */
  readonly week?: string | undefined;
  /** Whether this machine and private networks may be asked, too. */
  readonly allowPrivate?: boolean | undefined;
  /** Fetches in place of one made for this load; the options of a fetcher are then not used. */
  readonly fetcher?: Fetcher | undefined;
};

/**
 * Reads and parses the digest at `source`: a path, `-`, an http(s) URL, an `arxiv:` list, `sample`, or
 * several of them (see `splitSources`), which become one digest. The sample is always of the day that
 * is wanted. Throws EmptyDigestError where there are no papers (of that day), and InputError that says
 * what is wrong and where.
 */
export async function loadDigest(source: string, options: LoadOptions): Promise<LoadedDigest> {
  const sources = (await isFile(source)) ? [source] : splitSources(source);
  if (sources.length === 0) throw new InputError('no digest is named: give a file or a URL.');
  const fetcher = options.fetcher ?? ownFetcher(options);
  try {
    const outcomes = sources.map(one =>
      loadOne(one, { ...options, fetcher }).then(digest => ({ digest }), asOutcome),
    );
    return combine(await Promise.all(outcomes));
  } finally {
    if (!options.fetcher) await fetcher.close();
  }
}

function ownFetcher({ allowPrivate, ...options }: LoadOptions): Fetcher {
  const mayConnect = allowPrivate ? () => true : options.mayConnect;
  return createFetcher({
    ...options,
    mayConnect,
    runtime: options.runtime ?? createRuntime('silent'),
  });
}

function asOutcome(error: unknown): Outcome {
  if (error instanceof InputError) return { error };
  throw error;
}

async function loadOne(
  source: string,
  options: LoadOptions & { readonly fetcher: Fetcher },
): Promise<LoadedDigest> {
  const digest = await loadFrom(source, options);
  if (source === 'sample') return { ...digest, date: options.date ?? options.referenceDay };
  if (!options.date) return { ...digest, date: notAhead(digest.date, options.referenceDay) };
  if (digest.date === options.date) return digest;
  throw new EmptyDigestError(
    `${source}: it has no papers of ${options.date}; its day is ${digest.date}.`,
  );
}

/** A day that is to come is a mistake of the source, and would hide all lists until then. */
function notAhead(day: Day, today: Day): Day {
  return day > addDays(today, 1) ? today : day;
}

async function loadFrom(
  source: string,
  options: LoadOptions & { readonly fetcher: Fetcher },
): Promise<LoadedDigest> {
  const { fetcher, stdin, week, ...rest } = options;
  const url = urlOf(source);
  if (url && isDailyPapersApi(url)) return await loadDailyPapers(url, { ...rest, week }, fetcher);
  if (week) throw new InputError(`${source}: it cannot be asked for a week, only for a day.`);
  const { bytes, label } = url
    ? { bytes: (await fetcher.get(url)).body, label: url }
    : await readDigestText(source, stdin);
  return { ...parseDigest(bytes, { ...rest, source: label }), failed: [] };
}
