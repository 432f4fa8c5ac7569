import type { App, Source } from '../app.ts';
import type { Digest } from '../digest/digest.ts';
import { mergePapers } from '../digest/merge.ts';
import { weekOfEdition } from '../edition/edition-path.ts';
import { addDays, type Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import { memoryCache } from '../sources/fetch/cache.ts';
import { isDailyPapersApi, listsByDay, splitSources } from '../sources/names.ts';
import { seenPapers } from '../store/papers.ts';
import type { Io } from './io.ts';
import type { Wanted } from './load.ts';
import { loadDaily } from './load-daily.ts';

/** Each answer has its own deadline; many slow ones together must not keep other editions back. In ms. */
const longest = 10 * 60_000;

/** When a load ends without a digest: where `signal` is aborted, or after `within` ms. */
type LoadLimits = { readonly signal?: AbortSignal; readonly within?: number };

/**
 * Where scheduled editions get their papers from: DIGEST, and for the weekly what was seen of it. What
 * could not be read of it is logged. A load ends, with the reason of `signal`, where that is aborted.
 */
export function scheduledSource(
  io: Pick<Io, 'stdin'>,
  app: App,
  { signal, within = longest }: LoadLimits = {},
): Source {
  const sources = splitSources(app.config.digest);
  const byDay = sources.filter(isDailyPapersApi);
  const cache = memoryCache();
  const load: Load = async (named, wanted) => {
    const late = AbortSignal.timeout(within);
    const ends = signal ? AbortSignal.any([signal, late]) : late;
    const digest = await loadDaily(io, app, named, { ...wanted, cache, signal: ends }).catch(
      (error: unknown) => {
        if (error !== late.reason) throw error;
        throw new InputError(`${app.config.digest}: not read within ${within / 1000} seconds.`);
      },
    );
    for (const problem of [...digest.failed, ...digest.leftOut]) {
      app.runtime.log.warn({ problem }, 'a part of the digest could not be read');
    }
    return digest;
  };
  return {
    listsByDay: sources.every(listsByDay),
    load: (kind, date) =>
      kind === 'daily'
        ? load(undefined, { referenceDay: date })
        : loadWeek(app.db, load, byDay, date),
  };
}

type Load = (named: string | undefined, wanted: Wanted) => Promise<Digest>;

/**
 * The papers of the week that a weekly edition of `date` is named after, from sources that can be asked for it; else what
 * was seen on the seven days before `date`; else what there is. Throws as `loadDaily`.
 */
async function loadWeek(
  db: App['db'],
  load: Load,
  byDay: readonly string[],
  date: Day,
): Promise<Digest> {
  const week = weekOfEdition(date);
  if (byDay.length > 0) return load(byDay.join(' '), { referenceDay: date, week });
  const yesterday = addDays(date, -1);
  const seen = await seenPapers(db, { from: addDays(date, -7), to: yesterday });
  if (seen.length === 0) return load(undefined, { referenceDay: date });
  const papers = mergePapers(seen.map(({ paper }) => paper));
  return { date: yesterday, curator: null, papers };
}
