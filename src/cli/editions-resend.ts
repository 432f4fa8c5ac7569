import type { App } from '../app.ts';
import { loadConfig, requireSending } from '../config/config.ts';
import { resendMissed } from '../delivery/edition-life.ts';
import { InputError, UsageError } from '../lib/errors.ts';
import { type Person, readPerson } from '../readers/list.ts';
import { addNamed } from '../store/audience.ts';
import { requeue } from '../store/deliveries.ts';
import type { StoredEdition } from '../store/editions.ts';
import { countDeliveries } from '../store/reports.ts';
import { findByNumber } from './editions.ts';
import { count, exitCodes, type Io, say } from './io.ts';
import { mailable } from './send-report.ts';
import { withApp } from './setup.ts';
import { deliverUntilSignal } from './signals.ts';

const dayMs = 86_400_000;

/**
 * Sends an edition once more, the same bytes: to these addresses, whether or not they have it, or to
 * those whose delivery failed, unless it was their address that was refused.
 */
export async function resendEdition(
  io: Io,
  id: string,
  { to, missed }: { to: readonly string[]; missed?: true },
): Promise<number> {
  if (!missed && to.length === 0) {
    throw new UsageError('to whom? Name them with --to ADDRESS, or --missed');
  }
  const config = requireSending(loadConfig());
  const named = to.map(text => readPerson(text));
  return withApp(async app => {
    const edition = await findByNumber(app.db, id);
    const only = missed ? undefined : await requeueNamed(io, app, edition, named);
    const queued = only ? only.length : await resendMissed(app, edition);
    if (missed) {
      say(io, queued > 0 ? `${count(queued, 'reader')} to try again` : 'nobody missed it');
    }
    if (queued === 0) return missed ? exitCodes.done : exitCodes.failed;
    const before = await countDeliveries(app.db, edition.id, only);
    const trouble = await deliverUntilSignal(io, app, edition.id, { only });
    const after = await countDeliveries(app.db, edition.id, only);
    const sent = after.sent - before.sent;
    say(io, `sent ${missed ? '' : 'again '}to ${count(sent, 'reader')}`);
    if (trouble) say(io, `Why not to all: ${trouble.text}`);
    return sent >= queued ? exitCodes.done : exitCodes.waiting;
  }, config);
}

/** Queues it for these people, whoever they are. @returns their ids. */
async function requeueNamed(
  io: Io,
  { db, runtime, list }: App,
  { id, status, expiresAt }: StoredEdition,
  named: readonly Person[],
): Promise<readonly number[]> {
  if (status !== 'sent' && status !== 'sending') {
    throw new InputError(`edition ${id} is ${status}, so nobody gets it any more`);
  }
  const only = await list.guests(await mailable(io, list, named));
  await requeue(db, id, only);
  if (only.length > 0) await addNamed(db, id, only, Math.max(expiresAt, runtime.now() + dayMs));
  return only;
}
