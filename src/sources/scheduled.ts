import type { Digest } from '../digest/digest.ts';
import { mergePapers } from '../digest/paper.ts';
import type { Frequency } from '../edition/edition.ts';
import { weekOfEdition } from '../edition/edition.ts';
import { addDays, type Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import type { Database } from '../store/database.ts';
import { seenPapers } from '../store/papers.ts';
import { loadDaily } from './daily.ts';
import { answerCache } from './fetch/fetcher.ts';
import type { LoadMeans } from './load.ts';
import { isDailyPapersApi, listsByDay, splitSources, type Wanted } from './names.ts';

/** Where scheduled editions get their papers from. */
export type ScheduledSource = {
  /** Reads the day's digest, or that of the week before it. Throws as `loadDigest`. */
  readonly load: (kind: Frequency, date: Day) => Promise<Digest>;
  /** Whether the source has a list for each weekday: an older one means: not there yet, or weekend. */
  readonly listsByDay: boolean;
};

/** Each answer has its own deadline; many slow ones together must not keep other editions back. In ms. */
const longest = 10 * 60_000;

/**
 * The scheduled editions' papers from `source`; the weekly ones' of a source that cannot be asked for
 * a week are those seen on the seven days before. What could not be read is logged. A load ends with
 * the reason of the means' signal where that is aborted, and with an InputError after `within` ms.
 */
export function scheduledSource(
  db: Database,
  source: string,
  means: LoadMeans,
  within = longest,
): ScheduledSource {
  const sources = splitSources(source);
  const byDay = sources.filter(isDailyPapersApi).join(' ');
  const cache = answerCache();
  const load = async (named: string, wanted: Wanted): Promise<Digest> => {
    const late = AbortSignal.timeout(within);
    const signal = means.signal ? AbortSignal.any([means.signal, late]) : late;
    const options = { ...means, ...wanted, cache, signal };
    const digest = await loadDaily(db, named, options).catch((error: unknown) => {
      if (error !== late.reason) throw error;
      throw new InputError(`${source}: not read within ${within / 1000} seconds.`);
    });
    for (const problem of digest.problems) {
      means.runtime.log.warn({ problem }, 'a part of the digest could not be read');
    }
    return digest;
  };
  return {
    listsByDay: sources.every(listsByDay),
    load: async (kind, date) => {
      const wanted = { referenceDay: date };
      if (kind === 'daily') return load(source, wanted);
      if (byDay !== '') return load(byDay, { ...wanted, week: weekOfEdition(date) });
      const yesterday = addDays(date, -1);
      const seen = await seenPapers(db, { from: addDays(date, -7), to: yesterday });
      if (seen.length === 0) return load(source, wanted);
      const papers = mergePapers(seen.map(({ paper }) => paper));
      return { date: yesterday, curator: null, papers };
    },
  };
}
