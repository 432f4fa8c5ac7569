import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import { renewLease } from '../store/deliveries.ts';

/** How long a worker's claims outlive its last sign of life, and how often it gives one; in ms. */
export type LeaseTimes = { readonly ms: number; readonly beatMs: number };

export const defaultLease: LeaseTimes = { ms: 30_000, beatMs: 10_000 };

/** A worker's lease. */
export type Lease = {
  /** Aborted while nobody can be sure that the lease still holds: no lane may go on. */
  readonly signal: AbortSignal;
  /** Gives no more signs of life. */
  stop(): void;
};

/**
 * Makes a lease and renews it in time. When it could not be renewed (the database is locked, the
 * disk is full) the lanes stop before it ends, and go on as soon as it is renewed.
 */
export async function holdLease(
  db: Database,
  runtime: Runtime,
  workerId: string,
  { ms, beatMs }: LeaseTimes = defaultLease,
): Promise<Lease> {
  let doubt = new AbortController();
  let renewing = false;
  let renewedAt = runtime.now();
  await renewLease(db, workerId, renewedAt, renewedAt + ms);

  const renew = async () => {
    const now = runtime.now();
    await renewLease(db, workerId, now, now + ms);
    renewedAt = now;
    if (doubt.signal.aborted) doubt = new AbortController();
  };
  const beat = async () => {
    // The clock may have been set back: a lease "from the future" is renewed as well.
    const age = Math.abs(runtime.now() - renewedAt);
    // Seen at the second beat that failed at the latest, however late or early timers are.
    if (age > ms - 1.5 * beatMs && !doubt.signal.aborted) {
      runtime.log.error({ worker: workerId }, 'the lease could not be renewed: lanes wait');
      doubt.abort();
    }
    if (renewing) return;
    renewing = true;
    await renew().catch(error => runtime.log.warn({ error: String(error) }, 'renewing the lease'));
    renewing = false;
  };
  const heartbeat = setInterval(beat, beatMs);
  return {
    get signal() {
      return doubt.signal;
    },
    stop: () => clearInterval(heartbeat),
  };
}
