import { loadConfig, requireSending } from '../config/config.ts';
import { resendMissed } from '../delivery/edition-life.ts';
import { InputError, UsageError } from '../lib/errors.ts';
import { readPerson } from '../readers/list.ts';
import { addNamed } from '../store/audience.ts';
import { requeue } from '../store/deliveries.ts';
import { countDeliveries } from '../store/reports.ts';
import { findByNumber } from './editions.ts';
import { count, exitCodes, type Io, say } from './io.ts';
import { mailable } from './send-report.ts';
import { deliverUntilSignal } from './signals.ts';
import { withApp } from './with-app.ts';

const dayMs = 86_400_000;

/** Sends an edition once more to these addresses, whether or not they have it: the same bytes. */
export async function resendEdition(
  io: Io,
  id: string,
  { to, missed }: { to: readonly string[]; missed?: true },
): Promise<number> {
  if (missed) return resendToMissed(io, id);
  if (to.length === 0) throw new UsageError('to whom? Name them with --to ADDRESS, or --missed');
  const config = requireSending(loadConfig());
  const named = to.map(text => readPerson(text));
  return withApp(async app => {
    const { db, runtime, list } = app;
    const edition = await findByNumber(db, id);
    if (edition.status !== 'sent' && edition.status !== 'sending') {
      throw new InputError(`edition ${id} is ${edition.status}, so nobody gets it any more`);
    }
    const only = await list.guests(await mailable(io, list, named));
    if (only.length === 0) return exitCodes.failed;
    await requeue(db, edition.id, only);
    await addNamed(db, edition.id, only, Math.max(edition.expiresAt, runtime.now() + dayMs));
    const trouble = await deliverUntilSignal(io, app, edition.id, { only });
    const { sent } = await countDeliveries(db, edition.id, only);
    say(io, `sent again to ${count(sent, 'reader')}`);
    if (trouble) say(io, `Why not to all: ${trouble.text}`);
    return sent === only.length ? exitCodes.done : exitCodes.waiting;
  }, config);
}

/** Tries those again whose delivery failed, unless it was their address that was refused. */
function resendToMissed(io: Io, id: string): Promise<number> {
  const config = requireSending(loadConfig());
  return withApp(async app => {
    const edition = await findByNumber(app.db, id);
    const queued = await resendMissed(app, edition);
    say(io, queued > 0 ? `${count(queued, 'reader')} to try again` : 'nobody missed it');
    if (queued === 0) return exitCodes.done;
    const before = await countDeliveries(app.db, edition.id);
    const trouble = await deliverUntilSignal(io, app, edition.id);
    const { sent } = await countDeliveries(app.db, edition.id);
    say(io, `sent to ${count(sent - before.sent, 'reader')}`);
    if (trouble) say(io, `Why not to all: ${trouble.text}`);
    return sent - before.sent >= queued ? exitCodes.done : exitCodes.waiting;
  }, config);
}
