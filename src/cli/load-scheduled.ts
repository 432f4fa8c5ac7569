import type { App, Source } from '../app.ts';
import { addDays, type Day } from '../day.ts';
import type { Digest } from '../digest/digest.ts';
import { mergePapers } from '../digest/merge.ts';
import { isDailyPapersApi, listsByDay, splitSources } from '../digest/sources.ts';
import { weekOfEdition } from '../edition/edition-path.ts';
import { seenPapers } from '../store/papers.ts';
import type { Io } from './io.ts';
import { loadDaily } from './load-daily.ts';

/** Where scheduled editions get their papers from: DIGEST, and for the weekly what was seen of it. */
export function scheduledSource(io: Pick<Io, 'stdin'>, app: App): Source {
  const sources = splitSources(app.config.digest);
  const byDay = sources.filter(isDailyPapersApi);
  return {
    listsByDay: sources.every(listsByDay),
    load: (kind, date) =>
      kind === 'daily'
        ? loadDaily(io, app, undefined, { referenceDay: date })
        : loadWeek(io, app, byDay, date),
  };
}

/**
 * The papers of the week that a weekly edition of `date` is named after, from sources that can be asked for it; else what
 * was seen on the seven days before `date`; else what there is. Throws as `loadDaily`.
 */
async function loadWeek(
  io: Pick<Io, 'stdin'>,
  app: App,
  byDay: readonly string[],
  date: Day,
): Promise<Digest> {
  const week = weekOfEdition(date);
  if (byDay.length > 0) return loadDaily(io, app, byDay.join(' '), { referenceDay: date, week });
  const yesterday = addDays(date, -1);
  const seen = await seenPapers(app.db, { from: addDays(date, -7), to: yesterday });
  if (seen.length === 0) return loadDaily(io, app, undefined, { referenceDay: date });
  const papers = mergePapers(seen.map(({ paper }) => paper));
  return { date: yesterday, curator: null, papers };
}
