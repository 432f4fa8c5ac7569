import type { Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import { type Draft, type DraftContent, markSent } from '../store/desk.ts';
import { getEdition } from '../store/editions.ts';
import { type EditionRequest, type Prepared, prepare, somethingNew } from './prepare.ts';
import { type Publishing, publish } from './publish.ts';

/** When a draft is sent: its day in TIMEZONE, and the instant (UTC ms) where it is not now. */
export type DraftTime = { readonly date: Day; readonly sendAt?: number | undefined };

/** The request that a draft comes to; what the desk sends is what the command line would. */
export function requestOf(
  { source: _, ...content }: DraftContent,
  time: DraftTime,
): EditionRequest {
  return { ...content, ...time };
}

/** The edition that this version of a draft was sent as already; null where it may be sent. */
export async function sentAs(
  db: Publishing['db'],
  { version, editionId, editionVersion }: Draft,
): Promise<number | null> {
  if (editionId === null || editionVersion !== version) return null;
  const edition = await getEdition(db, editionId);
  return edition && !['scheduled', 'cancelled'].includes(edition.status) ? editionId : null;
}

/**
 * Sends a version of a draft to all readers, or sets the time for it; once, however often it is
 * asked. What it was scheduled as before is replaced. Throws an InputError where there is nothing
 * to send, or an edition stands in its way.
 * @returns the edition's id.
 */
export async function sendDraft(app: Publishing, draft: Draft, time: DraftTime): Promise<number> {
  const { id, version, editionId, editionVersion } = draft;
  // Past midnight its key would be another one.
  const done = await sentAs(app.db, draft);
  if (done !== null) return done;
  const before = editionId === null ? null : await getEdition(app.db, editionId);
  const scheduled = before?.status === 'scheduled';
  if (scheduled && editionVersion === version && before.sendAt === time.sendAt) return before.id;
  const prepared = somethingNew(await prepare(app, requestOf(draft.content, time)));
  const obstacle = obstacleTo(prepared, scheduled ? before.id : null);
  if (obstacle) throw new InputError(obstacle);
  const sent = await publish(app, prepared, 'readers', {
    replaces: scheduled ? before.id : null,
  });
  await markSent(app.db, { id, version }, sent);
  return sent;
}

/**
 * Why this cannot be sent: another edition stands in its place, and these words or this time would
 * be lost; null where none does. `own`: the scheduled one that it replaces.
 */
export function obstacleTo(
  { request: { sendAt }, edition, existing }: Prepared,
  own: number | null,
): string | null {
  if (!existing || existing.id === own) return null;
  const manual = edition.kind === 'manual';
  const same = manual || JSON.stringify(existing.content) === JSON.stringify(edition);
  const waits = existing.status === 'scheduled';
  if (same && (waits ? existing.sendAt === sendAt : own === null)) return null;
  const what = manual ? 'this very edition' : `the daily edition of ${edition.date}`;
  const advice = manual ? '' : '; this can be sent as a manual edition';
  return waits
    ? `${what} is scheduled already: cancel edition ${existing.id} first`
    : `${what} is out already, as edition ${existing.id}${advice}`;
}
