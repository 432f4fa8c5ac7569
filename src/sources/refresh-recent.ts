import type { Digest } from '../digest/digest.ts';
import { EmptyDigestError } from '../digest/empty.ts';
import { carryDays } from '../edition/late.ts';
import { addDays, type Day } from '../lib/day.ts';
import { messageOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import { firstDigestDay, recordSeen } from '../store/papers.ts';

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
    const earlier = addDays(day, -back);
    if (since === null || earlier < since) return;
    try {
      await recordSeen(db, await load(earlier), runtime.now());
      lists += 1;
    } catch (error) {
      if (error instanceof EmptyDigestError) continue;
      lists += 1;
      const fields = { date: earlier, error: messageOf(error) };
      runtime.log.warn(fields, 'the list of an earlier day could not be read again');
    }
  }
}
