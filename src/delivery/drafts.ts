import type { Day } from '../day.ts';
import type { Edition } from '../edition/edition.ts';
import { InputError } from '../errors.ts';
import { type Draft, type DraftContent, markSent } from '../store/drafts.ts';
import { getEdition } from '../store/editions.ts';
import {
  composeOrder,
  type NothingNew,
  type Order,
  type Publishing,
  prepare,
  publish,
} from './publish.ts';

/** When a draft is sent: its day in TIMEZONE, and the instant (UTC ms) where it is not now. */
export type DraftTime = { readonly date: Day; readonly at?: number | undefined };

/** The order that a draft comes to; what the desk sends is what the command line would. */
export function orderOf(
  { kind, digest, papers, edits, ...rest }: DraftContent,
  time: DraftTime,
): Order {
  return { kind, digest, papers, edits, public: rest.public, ...time };
}

/** The draft as an edition, unrendered. Throws an InputError where the editor's words do not fit. */
export function composeDraft(
  app: Publishing,
  content: DraftContent,
  time: DraftTime,
): Promise<Composed | NothingNew> {
  return composeOrder(app, orderOf(content, time));
}

type Composed = { readonly edition: Edition };

/**
 * Sends a version of a draft to all readers, or sets the time for it; once, however often it is
 * asked. Throws an InputError where there is nothing to send.
 * @returns the edition's id.
 */
export async function sendDraft(
  app: Publishing,
  draft: Draft,
  time: DraftTime,
): Promise<number | NothingNew> {
  const { id, version, editionId, editionVersion } = draft;
  if (editionId !== null && editionVersion === version) {
    const before = await getEdition(app.db, editionId);
    // Past midnight its key would be another one.
    if (before && before.status !== 'cancelled') return editionId;
  }
  const prepared = await prepare(app, orderOf(draft.content, time));
  if (prepared.edition === null) return prepared;
  const { edition, existing } = prepared;
  if (edition.kind === 'daily' && existing && existing.id !== editionId) {
    throw new InputError(
      `the daily edition of ${edition.date} is out already; this can be sent as an extra edition`,
    );
  }
  const sent = await publish(app, prepared, 'readers', { at: time.at ?? null });
  await markSent(app.db, { id, version }, sent);
  return sent;
}
