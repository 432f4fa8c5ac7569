import { InputError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import { countMissed, makeDue, requeueMissed, skipRemaining } from '../store/deliveries.ts';
import { moveEdition, type StoredEdition } from '../store/editions.ts';
import type { EditionStatus } from '../store/schema.ts';
import { badAddress } from './policy.ts';

type Parts = { readonly db: Database; readonly runtime: Pick<Runtime, 'now'> };

// What a person may do to an edition. Each throws an InputError where its status does not allow it.

/** Stops sending until it is resumed. */
export async function pauseEdition({ db }: Parts, edition: StoredEdition): Promise<void> {
  const change = { pausedBy: 'operator', reason: 'paused by hand' } as const;
  // One that waits for the server, too: it would go on by itself.
  const from: EditionStatus[] = edition.pausedBy === 'relay' ? ['sending', 'paused'] : ['sending'];
  await move(db, edition, from, 'paused', change);
}

/** Goes on with a paused edition; what was deferred is due at once. */
export async function resumeEdition({ db, runtime }: Parts, edition: StoredEdition): Promise<void> {
  await move(db, edition, ['paused'], 'sending');
  await makeDue(db, edition.id, runtime.now());
}

/** Gives an edition up; who has it keeps it. */
export async function cancelEdition({ db, runtime }: Parts, edition: StoredEdition): Promise<void> {
  await move(db, edition, ['draft', 'scheduled', 'freezing', 'sending', 'paused'], 'cancelled', {
    reason: 'cancelled by hand',
    finishedAt: runtime.now(),
  });
  await skipRemaining(db, edition.id, 'cancelled');
}

const missable: readonly EditionStatus[] = ['sent', 'sending', 'expired'];

/** How many missed an edition, though it was not for their address, and could get it now. */
export async function missedBy(
  { db }: Pick<Parts, 'db'>,
  { id, status }: StoredEdition,
): Promise<number> {
  return missable.includes(status) ? countMissed(db, id, badAddress) : 0;
}

/** Tries those again who missed an edition. @returns how many. */
export async function resendMissed(
  { db, runtime }: Parts,
  { id, status }: StoredEdition,
): Promise<number> {
  if (!missable.includes(status)) {
    throw new InputError(`edition ${id} is ${status}: nobody has missed it yet`);
  }
  return requeueMissed(db, id, badAddress, runtime.now() + dayMs);
}

const dayMs = 86_400_000;

async function move(db: Database, edition: StoredEdition, ...how: Tail<typeof moveEdition>) {
  if (await moveEdition(db, edition.id, ...how)) return;
  throw new InputError(`edition ${edition.id} is ${edition.status} and cannot become ${how[1]}`);
}

type Tail<F> = F extends (db: never, id: never, ...rest: infer Rest) => unknown ? Rest : never;
