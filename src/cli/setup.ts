import { type App, createApp } from '../app.ts';
import { type Config, loadConfig } from '../config/config.ts';
import type { LoadedDigest } from '../digest/digest.ts';
import { userAgentOf } from '../sources/fetch/fetcher.ts';
import { type LoadMeans, loadDigest } from '../sources/load.ts';
import type { Wanted } from '../sources/names.ts';
import { type Io, say, version } from './io.ts';

/** Runs `use` with the whole program, and closes it whatever comes. */
export async function withApp<Result>(
  use: (app: App) => Promise<Result>,
  config: Config = loadConfig(),
): Promise<Result> {
  const app = await createApp(config);
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

type Set = Pick<App, 'config' | 'runtime'>;

/** What digests are loaded with, as the settings say. */
export function loadMeans({ stdin }: Pick<Io, 'stdin'>, { config, runtime }: Set): LoadMeans {
  return {
    stdin,
    runtime,
    proxy: config.proxy,
    userAgent: userAgentOf(version(), config.publicUrl),
    mayConnect: config.digestAllowPrivate ? () => true : undefined,
  };
}

/** The digest that was named, else DIGEST; what cannot be read is said. Throws as `loadDigest`. */
export async function loadAloud(
  io: Io,
  set: Set,
  named: string | undefined,
  wanted: Wanted,
): Promise<LoadedDigest> {
  const options = { ...loadMeans(io, set), ...wanted };
  const digest = await loadDigest(named ?? set.config.digest, options);
  sayProblems(io, digest);
  return digest;
}

/** Says what of a digest could not be read. */
export function sayProblems(io: Io, { problems }: LoadedDigest): void {
  for (const problem of problems) say(io, problem);
}
