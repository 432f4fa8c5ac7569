import { type Fate, fateOf } from '../edition/fate.ts';
import type { SeenPaper } from '../edition/late.ts';
import { addDays, type Day } from '../lib/day.ts';
import type { Database } from '../store/database.ts';
import { carriedOn, firstDigestDay, seenPapers } from '../store/papers.ts';

/** A paper that was seen, and what became of it. */
export type FateOfPaper = SeenPaper & { readonly fate: Fate };

/** How many days back papers are told of: as long as what was seen is surely kept. */
const days = 30;

/**
 * What became, up to and with the daily edition of `today`, of every paper seen on the lists of the
 * last 30 days; the newest day first.
 */
export async function paperFates(db: Database, today: Day): Promise<FateOfPaper[]> {
  const from = addDays(today, -days);
  const seen = await seenPapers(db, { from, to: addDays(today, 1) });
  const window = { from: addDays(from, -1), before: addDays(today, 1) };
  const rules = {
    ...(await carriedOn(db, 'daily', window)),
    since: await firstDigestDay(db, 'daily'),
    today,
  };
  return seen.map(one => ({ ...one, fate: fateOf(one, rules) }));
}
