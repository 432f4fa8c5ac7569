import { countReaders } from '../delivery/freeze.ts';
import { prepare } from '../delivery/prepare.ts';
import { type Publishing, publish } from '../delivery/publish.ts';
import type { Digest } from '../digest/digest.ts';
import { EmptyDigestError } from '../digest/digest.ts';
import type { Frequency } from '../edition/edition.ts';
import { type Day, localDay } from '../lib/day.ts';
import { messageOf } from '../lib/errors.ts';
import type { ScheduledSource } from '../sources/scheduled.ts';
import { findEdition } from '../store/editions.ts';
import { wasServed } from '../store/papers.ts';
import { findSlot, recordSlot, type Slot } from '../store/slots.ts';
import { lookAgainAfter } from './due.ts';

/** What scheduled editions are made with. */
export type LookParts = ScheduledSource & {
  readonly publishing: Publishing;
  readonly papers: number;
  /** The demo's sample has an end: if nothing is new, begin again. */
  readonly startOver: boolean;
};

/** A scheduled day. `at`: its instant, UTC ms. `last`: what this look comes to stays. */
export type Look = {
  readonly kind: Frequency;
  readonly date: Day;
  readonly at: number;
  readonly last: boolean;
};

/**
 * Looks whether a scheduled day's edition can be made, publishes it (once, however often it is called)
 * and records the result. The slot's `reason` says why there is no edition; it throws only if the
 * result cannot be recorded, or the program is ending (an AbortError).
 */
export async function lookFor(parts: LookParts, look: Look): Promise<Slot> {
  const { db, runtime } = parts.publishing;
  const { kind, date, at, last } = look;
  const decided = await decide(parts, look).catch((error: unknown) => {
    if (isAbort(error)) throw error;
    runtime.log.error({ kind, date, error: messageOf(error) }, 'the edition failed');
    return none('failed', messageOf(error), true);
  });
  const now = runtime.now();
  const { again, ...result } = decided;
  const before = await findSlot(db, kind, date);
  const begunAt = before && before.begunAt <= now ? before.begunAt : now;
  const againAt = again && !last ? now + lookAgainAfter : null;
  const slot: Slot = { kind, date, ...result, dueAt: at, begunAt, decidedAt: now, againAt };
  await recordSlot(db, slot);
  runtime.log.info(slot, againAt === null ? 'the day is decided' : 'it is looked again');
  return slot;
}

/** Whether the work was only stopped, since the program is ending. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** `again`: another look may find more. */
type Decision = Pick<Slot, 'outcome' | 'reason' | 'editionId'> & { readonly again: boolean };

function published(editionId: number): Decision {
  return { outcome: 'published', reason: null, editionId, again: false };
}

function none(outcome: Slot['outcome'], reason: string, again: boolean): Decision {
  return { outcome, reason, editionId: null, again };
}

async function decide(parts: LookParts, { kind, date, last }: Look): Promise<Decision> {
  const { publishing } = parts;
  const { db, runtime } = publishing;
  const there = await findEdition(db, { kind, date, key: '' });
  if (there) return published(there.id);
  // A daily edition without readers is still shown on the web; a weekly one would only repeat it.
  if (kind === 'weekly' && (await countReaders(publishing, kind)) === 0) {
    return none('no-readers', 'nobody gets the weekly edition', false);
  }
  const loaded = await parts.load(kind, date).then(
    digest => ({ digest }),
    (error: unknown) => ({ error }),
  );
  const today = [date, localDay(runtime.now(), 'UTC')].sort()[0] ?? date;
  // Where it is Saturday here, it may still be Friday at the source.
  const workday = kind === 'weekly' || isWorkday(date) || isWorkday(today);
  if ('error' in loaded) {
    if (isAbort(loaded.error)) throw loaded.error;
    const empty = loaded.error instanceof EmptyDigestError;
    const outcome = empty ? 'source-empty' : 'source-failed';
    return none(outcome, messageOf(loaded.error), !empty || workday);
  }
  const { digest } = loaded;
  const old = kind === 'daily' && digest.date < today;
  if (old && parts.listsByDay) {
    if (workday && !last) return notThere(digest, today, true);
    // Friday's list again: the papers that its edition left out make no edition of Saturday.
    if (await wasServed(db, kind, digest.date, date)) return notThere(digest, today, false);
  }
  const request = { kind, date, digest, papers: parts.papers } as const;
  let prepared = await prepare(publishing, request);
  if (prepared.edition === null && parts.startOver) {
    prepared = await prepare(publishing, { ...request, startOver: true });
  }
  if (prepared.edition === null) {
    return old ? notThere(digest, today, workday) : none('nothing-new', prepared.reason, false);
  }
  return published(await publish(publishing, prepared, 'readers'));
}

function notThere(digest: Digest, today: Day, again: boolean): Decision {
  const day = isWorkday(today) ? today : `${today} (weekend)`;
  const reason = `the source has no list of ${day}; its latest is of ${digest.date}`;
  return none('source-empty', reason, again);
}

function isWorkday(date: Day): boolean {
  return ![0, 6].includes(new Date(Date.parse(date)).getUTCDay());
}
