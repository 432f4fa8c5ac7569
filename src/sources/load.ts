import { EmptyDigestError, type LoadedDigest } from '../digest/digest.ts';
import { mergePapers } from '../digest/paper.ts';
import { parseDigest } from '../digest/parse.ts';
import { addDays } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import { loadDailyPapers } from './daily-papers.ts';
import { createFetcher, type Fetcher, type FetcherOptions } from './fetch/fetcher.ts';
import { isDailyPapersApi, splitSources, urlOf, type Wanted } from './names.ts';
import { type ByteStream, isFile, readDigestText } from './read.ts';

/** What digests are loaded with, whichever is wanted. */
export type LoadMeans = FetcherOptions & {
  readonly runtime: Runtime;
  readonly stdin: ByteStream;
};

export type LoadOptions = LoadMeans & Wanted;

/**
 * Reads and parses the digest at `source`: a path, `-`, an http(s) URL, an `arxiv:` list, `sample`, or
 * several of them (see `splitSources`), which become one digest. The sample is always of the day that
 * is wanted. Throws EmptyDigestError where there are no papers (of that day), and InputError that says
 * what is wrong and where.
 */
export async function loadDigest(source: string, options: LoadOptions): Promise<LoadedDigest> {
  const sources = (await isFile(source)) ? [source] : splitSources(source);
  if (sources.length === 0) throw new InputError('no digest is named: give a file or a URL.');
  const fetcher = createFetcher(options);
  try {
    const loads = sources.map(one => loadOne(one, { ...options, fetcher }).catch(asValue));
    return combine(await Promise.all(loads));
  } finally {
    await fetcher.close();
  }
}

function asValue(error: unknown): InputError {
  if (error instanceof InputError) return error;
  throw error;
}

type Loading = LoadOptions & { readonly fetcher: Fetcher };

async function loadOne(source: string, options: Loading): Promise<LoadedDigest> {
  const { date, referenceDay } = options;
  const digest = await loadFrom(source, options);
  if (source === 'sample') return { ...digest, date: date ?? referenceDay };
  if (!date) {
    // A day that is to come is a mistake of the source, and would hide all lists until then.
    const ahead = digest.date > addDays(referenceDay, 1);
    return ahead ? { ...digest, date: referenceDay } : digest;
  }
  if (digest.date === date) return digest;
  throw new EmptyDigestError(`${source}: it has no papers of ${date}; its day is ${digest.date}.`);
}

async function loadFrom(source: string, options: Loading): Promise<LoadedDigest> {
  const { fetcher, stdin, referenceDay, date, week } = options;
  const url = urlOf(source);
  if (url && isDailyPapersApi(url)) return await loadDailyPapers(url, options, fetcher);
  if (week) throw new InputError(`${source}: it cannot be asked for a week, only for a day.`);
  const { bytes, label } = url
    ? { bytes: (await fetcher.get(url)).body, label: url }
    : await readDigestText(source, stdin);
  return parseDigest(bytes, { referenceDay, date, source: label });
}

/**
 * One digest of all that came, in the order of the sources: of the newest of their days, each paper
 * once with the most that any of them knows. Sources that failed are among the problems, those that
 * are empty are not. Throws the error of a single source, EmptyDigestError where all are empty, and
 * else an InputError that lists why there is nothing.
 */
function combine(came: readonly (LoadedDigest | InputError)[]): LoadedDigest {
  const errors = came.filter(one => one instanceof InputError);
  const digests = came.flatMap(one => (one instanceof InputError ? [] : [one]));
  const [digest] = digests;
  if (!digest) throw nothing(errors);
  if (came.length === 1) return digest;
  const failures = errors.filter(error => !(error instanceof EmptyDigestError));
  return {
    date: digests.map(({ date }) => date).reduce((a, b) => (a > b ? a : b)),
    curator: digests.find(({ curator }) => curator !== null)?.curator ?? null,
    papers: mergePapers(digests.flatMap(({ papers }) => papers)),
    problems: [...failures.map(one => one.message), ...digests.flatMap(one => one.problems)],
  };
}

function nothing(errors: readonly InputError[]): InputError {
  const [cause, ...others] = errors;
  if (cause && others.length === 0) return cause;
  const lines = errors.map(({ message }) => `\n  ${message}`).join('');
  const all = `None of the ${errors.length} sources`;
  return errors.every(error => error instanceof EmptyDigestError)
    ? new EmptyDigestError(`${all} lists papers:${lines}`)
    : new InputError(`${all} gave papers:${lines}`, { cause });
}
