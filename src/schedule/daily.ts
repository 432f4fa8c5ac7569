import { type Day, localDay } from '../day.ts';
import { type Publishing, prepare, publish } from '../delivery/publish.ts';
import type { Digest } from '../digest/digest.ts';
import { messageOf } from '../errors.ts';
import type { Slot } from '../store/slots.ts';
import { recordSlot } from '../store/slots.ts';
import { importChangedLists } from '../subscribers/import.ts';
import type { List } from '../subscribers/list.ts';

/** What the daily edition is made with. */
export type DailyParts = {
  readonly publishing: Publishing;
  readonly list: List;
  /** The list files that are imported before the audience is frozen. */
  readonly listFiles: () => Promise<readonly string[]>;
  readonly timeZone: string;
  readonly papers: number;
  /** Reads the day's digest. */
  readonly load: (date: Day) => Promise<Digest>;
  /** The demo's sample has an end: where nothing is new, begin again. */
  readonly startOver: boolean;
};

/**
 * Publishes the daily edition of today, once a local day whoever asks, and keeps what the day came
 * to. Never throws: why there is no edition is the record's `reason`.
 */
export async function publishDaily(parts: DailyParts): Promise<Slot> {
  const { db, runtime } = parts.publishing;
  const date = localDay(runtime.now(), parts.timeZone);
  const decided = await decide(parts, date).catch(error => {
    runtime.log.error({ date, error: messageOf(error) }, 'the daily edition failed');
    return { outcome: 'failed', reason: messageOf(error), editionId: null } as const;
  });
  const slot: Slot = { kind: 'daily', date, ...decided, decidedAt: runtime.now() };
  await recordSlot(db, slot);
  runtime.log.info(slot, 'the day is decided');
  return slot;
}

type Decision = Pick<Slot, 'outcome' | 'reason' | 'editionId'>;

async function decide(parts: DailyParts, date: Day): Promise<Decision> {
  const { publishing, list } = parts;
  await importChangedLists({ ...publishing, list }, await parts.listFiles());
  const digest = await parts.load(date).catch(messageOf);
  if (typeof digest === 'string') {
    return { outcome: 'source-failed', reason: digest, editionId: null };
  }
  const order = { kind: 'daily', date, digest, papers: parts.papers } as const;
  let prepared = await prepare(publishing, order);
  if (prepared.edition === null && parts.startOver) {
    prepared = await prepare(publishing, { ...order, startOver: true });
  }
  if (prepared.edition === null) {
    return { outcome: 'nothing-new', reason: prepared.reason, editionId: null };
  }
  const editionId = await publish(publishing, prepared, 'readers');
  return { outcome: 'published', reason: null, editionId };
}
