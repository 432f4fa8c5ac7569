import type { Runtime } from '../lib/runtime.ts';
import { endFreezing, freezeRange } from '../store/audience.ts';
import type { Database } from '../store/database.ts';

/**
 * Freezes what is left of an edition's audience into deliveries, in short ranges, so that the
 * event loop goes on between them. Does nothing for an edition that is not being frozen.
 */
export async function freeze(db: Database, runtime: Runtime, editionId: number): Promise<void> {
  while (await freezeRange(db, editionId, runtime.now())) await runtime.wait(0);
  await endFreezing(db, editionId);
}
