import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import { pruneLimits, prunePending } from '../store/joining.ts';
import { pruneNotices } from '../store/notices.ts';
import { pruneAddressChanges } from '../store/preferences.ts';
import { settleSignUps } from './sign-up.ts';

const hour = 3_600_000;
/** How long what nobody confirmed, and what was said to whom, is kept; in ms. */
const kept = 30 * 24 * hour;

/** Decides the sign-ups that wait; once an hour it also forgets what is kept for a while only. */
export function createHousekeeping(db: Database, runtime: Runtime): () => Promise<void> {
  let next = 0;
  return async () => {
    await settleSignUps(db, runtime);
    const now = runtime.now();
    // The clock may have been set back since.
    if (now < next && next - now <= hour) return;
    next = now + hour;
    await pruneLimits(db, now);
    await pruneNotices(db, now - kept);
    await prunePending(db, now - kept);
    await pruneAddressChanges(db, now - kept);
  };
}
