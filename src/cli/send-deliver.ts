import type { App } from '../app.ts';
import type { Prepared } from '../delivery/prepare.ts';
import { publish } from '../delivery/publish.ts';
import type { Trouble } from '../delivery/stop-edition.ts';
import { InputError } from '../lib/errors.ts';
import { makeDue } from '../store/deliveries.ts';
import { getEdition, resumeFromRelay, type StoredEdition } from '../store/editions.ts';
import { heldBack } from '../store/holds.ts';
import { commonReplies, countDeliveries, openOf } from '../store/reports.ts';
import { count, exitCodes, type Io, say } from './io.ts';
import { startProgress } from './progress.ts';
import { type Recipients, report, sayCure } from './send-report.ts';
import { deliverUntilSignal } from './signals.ts';

type DeliverNowOptions = { readonly again?: true; readonly wait?: true; readonly json?: true };

/** Publishes, delivers with a progress bar, and says what it came to. */
export async function deliverNow(
  io: Io,
  app: App,
  prepared: Prepared,
  { people }: Recipients,
  options: DeliverNowOptions,
): Promise<number> {
  const { db, runtime } = app;
  const started = runtime.now();
  const named = people && (await app.list.guests(people));
  const id = await publish(app.publishing, prepared, named ? { named } : 'readers', {
    again: options.again === true,
    replaces: named ? null : scheduledBefore(prepared, options),
  });
  await readyToSend(app, id);
  await makeDue(db, id, runtime.now());
  const only = named ?? undefined;
  const before = await countDeliveries(db, id, only);
  const progress = startProgress(io, openOf(before), runtime.now);
  const errand = { wait: options.wait, only, onOutcome: progress.tick, onWait: sayWait(io, app) };
  const trouble = await deliverUntilSignal(io, app, id, errand);
  progress.stop();

  const after = await countDeliveries(db, id, only);
  const counts = {
    sent: after.sent - before.sent,
    deferred: openOf(after),
    failed: after.failed - before.failed,
    skipped: after.skipped - before.skipped,
    seconds: (runtime.now() - started) / 1000,
  };
  say(io, sentence(counts));
  const edition = await getEdition(db, id);
  if (edition) await sayWhy(io, app, edition, counts, trouble);
  const code = report(io, options, prepared, {
    edition: id,
    recipients: openOf(before),
    ...counts,
  });
  // Who was to be added to a paused edition waits as well, though not in the ledger yet.
  return edition?.status === 'paused' ? exitCodes.waiting : code;
}

/** The same edition where it waits for its time: it gets another. */
export function scheduledBefore(
  { existing }: Prepared,
  { again }: { readonly again?: true },
): number | null {
  return existing?.status === 'scheduled' && !again ? existing.id : null;
}

/** A person asks for another try, so a server that was down is tried again. */
async function readyToSend({ db }: App, editionId: number): Promise<void> {
  const edition = await getEdition(db, editionId);
  await resumeFromRelay(db, editionId);
  if (edition?.status === 'expired' || edition?.status === 'cancelled') {
    throw new InputError(`edition ${editionId} is ${edition.status}, so nobody gets it any more`);
  }
}

/** Says once what is waited for. */
function sayWait(io: Io, { sayTime }: App): (held: number, until: number | null) => void {
  let said = false;
  return (held, until) => {
    if (said) return;
    said = true;
    const who = count(held, 'message is', 'messages are');
    if (until !== null) say(io, `the server names a limit; waiting until ${sayTime(until)}`);
    else if (held > 0) say(io, `${who} held by another sender; waiting for it`);
    else say(io, 'waiting for the deferred');
  };
}

type Counts = Record<'sent' | 'deferred' | 'failed' | 'skipped' | 'seconds', number>;

function sentence({ sent, deferred, failed, skipped, seconds }: Counts): string {
  const rest = Object.entries({ waiting: deferred, failed, skipped })
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `, ${number.toLocaleString('en')} ${state}`);
  return `${sent.toLocaleString('en')} sent${rest.join('')} in ${seconds.toFixed(1)} s`;
}

/** Says why not everybody has it, and what to do. */
async function sayWhy(
  io: Io,
  app: App,
  edition: StoredEdition,
  { deferred, failed }: Counts,
  trouble: Trouble | null,
): Promise<void> {
  const { db, runtime, sayTime } = app;
  const { id, status, reason, resumeAt, expiresAt } = edition;
  const lacking = deferred + failed > 0;
  if (trouble) say(io, `Why: ${trouble.text}`);
  for (const { count, reply } of trouble || !lacking ? [] : await commonReplies(db, id, 3)) {
    if (reply) say(io, `  ${count.toLocaleString('en')} × ${reply}`);
  }
  for (const { domain, until, readers } of await heldBack(db, id, runtime.now())) {
    const held = `${count(readers, 'reader')} of it held back until ${sayTime(until)}`;
    say(io, `${domain} refuses us: ${held}`);
  }
  if (status === 'paused' && resumeAt !== null) {
    const end = sayTime(expiresAt);
    const late = resumeAt < expiresAt ? '' : ` Its time is over before that, at ${end}.`;
    say(io, `The server names a limit: the edition waits until ${sayTime(resumeAt)}.${late}`);
    say(io, 'paperround start goes on then; without it, run the same command again then.');
  } else if (status === 'paused') {
    say(io, `The edition is paused (${reason}). To go on: paperround editions resume ${id}`);
  } else if (deferred > 0) {
    const who = count(deferred, 'reader is', 'readers are');
    say(io, `${who} waiting. To try them now, run the same command again.`);
  }
  if (lacking) say(io, `Who and why: paperround editions show ${id} --missing`);
  if (failed > 0) await sayCure(io, app, edition);
}
