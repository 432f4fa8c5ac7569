import type { Digest, LoadedDigest } from '../digest/digest.ts';
import { EmptyDigestError } from '../digest/digest.ts';
import { carryDays } from '../edition/paper-history.ts';
import { addDays, type Day } from '../lib/day.ts';
import { messageOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import {
  type Answer,
  firstDigestDay,
  forgetOldDigests,
  keepAnswer,
  recordSeen,
} from '../store/papers.ts';
import { type LoadOptions, loadDigest } from './load.ts';
import { isDailyPapersApi, splitSources } from './names.ts';

/**
 * Loads the digest of a scheduled or daily edition: what the sources answer is kept, and those that
 * can be asked for days gone by are asked for them again, for papers that came late. Throws as
 * `loadDigest`, for the digest that is wanted alone.
 */
export async function loadDaily(
  db: Database,
  source: string,
  options: LoadOptions,
): Promise<LoadedDigest> {
  const { runtime, week } = options;
  const onAnswer = (answer: Answer) =>
    keepAnswer(db, answer).catch(error => {
      runtime.log.warn({ error: messageOf(error) }, 'an answer of the source could not be kept');
    });
  const digest = await loadDigest(source, { ...options, onAnswer });
  const byDay = splitSources(source).filter(isDailyPapersApi).join(' ');
  if (byDay !== '' && !week) {
    await refreshRecent({ db, runtime }, digest.date, date =>
      loadDigest(byDay, { ...options, referenceDay: date, date, onAnswer }),
    );
  }
  await forgetOldDigests(db, runtime.now());
  return digest;
}

/** How many lists before today's are looked at again. */
const recentLists = 3;

/**
 * Looks again at the lists of the days before `day`, which grow after the morning: at three of them,
 * over weekends and holidays, none older than what a paper may be carried or than the first daily
 * edition's. Never throws: what fails is logged, and today's edition does without it.
 */
export async function refreshRecent(
  { db, runtime }: { readonly db: Database; readonly runtime: Runtime },
  day: Day,
  load: (day: Day) => Promise<Digest>,
): Promise<void> {
  const since = await firstDigestDay(db, 'daily');
  let lists = 0;
  for (let back = 1; back <= carryDays && lists < recentLists; back += 1) {
    const date = addDays(day, -back);
    if (since === null || date < since) return;
    try {
      await recordSeen(db, await load(date), runtime.now());
    } catch (error) {
      if (error instanceof EmptyDigestError) continue;
      const fields = { date, error: messageOf(error) };
      runtime.log.warn(fields, 'the list of an earlier day could not be read again');
    }
    lists += 1;
  }
}
