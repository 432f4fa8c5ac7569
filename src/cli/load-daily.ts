import type { App } from '../app.ts';
import type { LoadedDigest } from '../digest/digest.ts';
import type { Day } from '../lib/day.ts';
import { messageOf } from '../lib/errors.ts';
import { isDailyPapersApi, splitSources } from '../sources/names.ts';
import { refreshRecent } from '../sources/refresh-recent.ts';
import { type Answer, forgetOldDigests, keepAnswer } from '../store/papers.ts';
import type { Io } from './io.ts';
import { loadAsSet, type Wanted } from './load.ts';

/**
 * Loads the digest of a scheduled or daily edition: what the sources answer is kept, and where they
 * can be asked for days gone by, those are looked at again for papers that came late. Throws as
 * `loadDigest`, for the digest that is wanted alone.
 */
export async function loadDaily(
  io: Pick<Io, 'stdin'>,
  { config, db, runtime }: Pick<App, 'config' | 'db' | 'runtime'>,
  named: string | undefined,
  wanted: Omit<Wanted, 'onAnswer'>,
): Promise<LoadedDigest> {
  const onAnswer = (answer: Answer) =>
    keepAnswer(db, answer).catch(error => {
      runtime.log.warn({ error: messageOf(error) }, 'an answer of the source could not be kept');
    });
  const load = (source: string | undefined, wanted: Omit<Wanted, 'onAnswer'>) =>
    loadAsSet(io, config, runtime, source, { ...wanted, onAnswer });
  const digest = await load(named, wanted);
  const again = askedByDay(named ?? config.digest);
  if (again && !wanted.week) {
    const { cache, signal } = wanted;
    const loadDay = (date: Day) => load(again, { referenceDay: date, date, cache, signal });
    await refreshRecent({ db, runtime }, digest.date, loadDay);
  }
  await forgetOldDigests(db, runtime.now());
  return digest;
}

/** Those of the sources that can be asked for any day; null where none can. */
function askedByDay(source: string): string | null {
  return splitSources(source).filter(isDailyPapersApi).join(' ') || null;
}
