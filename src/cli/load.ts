import type { Config } from '../config/config.ts';
import type { LoadedDigest } from '../digest/digest.ts';
import type { Day } from '../lib/day.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { FetchCache } from '../sources/fetch/cache.ts';
import { userAgentOf } from '../sources/fetch/fetcher.ts';
import { loadDigest } from '../sources/load.ts';
import type { Answer } from '../store/papers.ts';
import { type Io, say } from './io.ts';
import { version } from './version.ts';

/** What to load beside the source. */
export type Wanted = {
  /** Today, or the day the editor named: what a day without a year is reckoned from. */
  readonly referenceDay: Day;
  /** The day whose papers are wanted; the source's latest where it is left out. */
  readonly date?: Day | undefined;
  /** The ISO week whose papers are wanted. */
  readonly week?: string | undefined;
  /** Is given each answer that was fetched; if it fails, so does loading. */
  readonly onAnswer?: ((answer: Answer) => Promise<void>) | undefined;
  /** Answers of earlier loads, so that only what is new is sent again. */
  readonly cache?: FetchCache | undefined;
  /** Aborted where nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
};

/** Loads the digest that was named, else DIGEST, as the settings say. Throws as `loadDigest`. */
export function loadAsSet(
  { stdin }: Pick<Io, 'stdin'>,
  config: Config,
  runtime: Runtime,
  named: string | undefined,
  wanted: Wanted,
): Promise<LoadedDigest> {
  return loadDigest(named ?? config.digest, {
    ...wanted,
    stdin,
    runtime,
    allowPrivate: config.digestAllowPrivate,
    proxy: config.proxy,
    userAgent: userAgentOf(version(), config.publicUrl),
  });
}

/** The same for a person at a terminal, who is told what could not be read. */
export async function loadAloud(
  io: Io,
  ...rest: [Config, Runtime, string | undefined, Wanted]
): Promise<LoadedDigest> {
  return sayProblems(io, await loadAsSet(io, ...rest));
}

/** Says what of a digest could not be read. */
export function sayProblems(io: Io, digest: LoadedDigest): LoadedDigest {
  for (const problem of [...digest.failed, ...digest.leftOut]) say(io, problem);
  return digest;
}
