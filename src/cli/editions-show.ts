import type { App } from '../app.ts';
import type { StoredEdition } from '../store/editions.ts';
import { type HeldBack, heldBack } from '../store/holds.ts';
import {
  commonReplies,
  countDeliveries,
  countSentSince,
  type DeliveryCounts,
  type MissingDelivery,
  missingDeliveries,
  openOf,
} from '../store/reports.ts';
import { editionJson, findByNumber } from './editions.ts';
import { answer, answerJson, count, exitCodes, type Io, table } from './io.ts';
import { withApp } from './setup.ts';

/** The rate is that of the last minute. */
const rateWindowMs = 60_000;
/** More than a person reads; `--json` gives as many. */
const mostMissing = 100_000;

/** Shows one edition: counts, rate, the commonest replies; with `missing` who lacks it and why. */
export function showEdition(
  io: Io,
  id: string,
  options: { missing?: true; json?: true },
): Promise<number> {
  return withApp(async app => {
    const { db } = app;
    const edition = await findByNumber(db, id);
    const deliveries = await countDeliveries(db, edition.id);
    const rate = await ratePerMinute(app, edition);
    const replies = await commonReplies(db, edition.id, 5);
    const missing = options.missing ? await missingDeliveries(db, edition.id, mostMissing) : null;
    const held = await heldBack(db, edition.id, app.runtime.now());
    if (options.json) {
      const secondsLeft = timeLeft(deliveries, rate);
      const shown = {
        ...editionJson(edition),
        deliveries,
        perMinute: rate,
        secondsLeft,
        replies,
        held,
      };
      answerJson(io, missing ? { ...shown, missing } : shown);
      return exitCodes.done;
    }
    answer(io, headLines(app, edition));
    answer(io, countLines(deliveries, rate));
    if (replies.length > 0) answer(io, '\nReplies:');
    for (const { count, reply } of replies) answer(io, `  ${count} × ${reply ?? 'not tried yet'}`);
    if (held.length > 0) answer(io, '\nHeld back, because their domain refuses us:');
    for (const hold of held) answer(io, heldLine(app, hold));
    if (missing) answer(io, missing.length > 0 ? '\nWho lacks it:' : '\nNobody lacks it.');
    for (const row of missing ?? []) answer(io, missingLine(row));
    return exitCodes.done;
  });
}

async function ratePerMinute({ db, runtime }: App, { id, status }: StoredEdition): Promise<number> {
  if (status !== 'sending') return 0;
  return countSentSince(db, id, runtime.now() - rateWindowMs);
}

/** Seconds until all are done at this rate; null where nothing is sent. */
function timeLeft(deliveries: DeliveryCounts, perMinute: number): number | null {
  return perMinute > 0 ? Math.ceil((60 * openOf(deliveries)) / perMinute) : null;
}

function headLines({ sayTime }: App, edition: StoredEdition): string {
  const { kind, id, date, status, subject, pausedBy, reason, resumeAt } = edition;
  const until = resumeAt === null ? '' : `; goes on ${sayTime(resumeAt)}`;
  const paused = status === 'paused' ? ` by ${pausedBy}: ${reason}${until}` : '';
  return `${kind} edition ${id} of ${date}, ${status}${paused}\n${subject}\n`;
}

function countLines(deliveries: DeliveryCounts, perMinute: number): string {
  const shown = Object.entries(deliveries).filter(([, number]) => number > 0);
  if (shown.length === 0) return 'no deliveries';
  const counts = table(shown.map(([state, number]) => [state, number.toLocaleString('en')]));
  const secondsLeft = timeLeft(deliveries, perMinute);
  if (secondsLeft === null) return counts;
  const left = `about ${Math.ceil(secondsLeft / 60).toLocaleString('en')} min left`;
  return `${counts}\n${perMinute.toLocaleString('en')} in the last minute, ${left}`;
}

function heldLine({ sayTime }: App, { domain, readers, until, reply }: HeldBack): string {
  return `  ${domain}  ${count(readers, 'reader')} until ${sayTime(until)}: ${reply}`;
}

function missingLine({ address, state, reply, attempts }: MissingDelivery): string {
  const tried = attempts > 0 ? `, tried ${attempts}×` : '';
  return `  ${address ?? '(forgotten)'}  ${state}${tried}${reply ? `: ${reply}` : ''}`;
}
