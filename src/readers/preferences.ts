import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import { queueNotice } from '../store/notices.ts';
import { changeChoices } from '../store/preferences.ts';
import type { Frequency } from '../store/schema.ts';
import { getSubscriber, type Subscriber, subscriberKeys } from '../store/subscribers.ts';
import { type LinkKey, readToken } from './token.ts';

/** What the reader's own pages work with. */
export type ReaderParts = {
  readonly db: Database;
  readonly runtime: Pick<Runtime, 'now'>;
  readonly linkKeys: readonly [LinkKey, ...LinkKey[]];
};

/** What a reader chooses; `pausedUntil` in UTC ms, null where nothing is paused. */
export type Choices = { readonly frequency: Frequency; readonly pausedUntil: number | null };

/** Whether somebody gets mails, all or by name. */
export function isReader({ status }: Subscriber): boolean {
  return status === 'active' || status === 'guest';
}

/** The reader whose link to their preferences this is; null where it is nobody's, or they left. */
export async function readerOf(
  { db, linkKeys }: Pick<ReaderParts, 'db' | 'linkKeys'>,
  text: string,
): Promise<Subscriber | null> {
  const token = readToken(text, linkKeys);
  if (token?.purpose !== 'preferences') return null;
  const subscriber = await getSubscriber(db, token.subscriberId);
  return subscriber?.tokenCounter === token.counter && isReader(subscriber) ? subscriber : null;
}

/** Keeps a reader's choices. @returns false where the link is nobody's. */
export async function choose(
  parts: ReaderParts,
  text: string,
  choices: Choices,
): Promise<Subscriber | null> {
  const reader = await readerOf(parts, text);
  if (!reader) return null;
  await changeChoices(parts.db, reader.id, choices, parts.runtime.now());
  return { ...reader, ...choices };
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** One fresh link in ten minutes, five a day: a link in a forwarded mail must not flood anybody. */
const linkMail = [{ purposes: ['manage'], count: 5, perMs: day }] as const;

/** Mails a fresh link to the reader's own address, for what a forwarded mail must not allow. */
export async function sendManageLink(parts: ReaderParts, text: string): Promise<void> {
  const reader = await readerOf(parts, text);
  if (!reader) return;
  const now = parts.runtime.now();
  const { addressHash } = await subscriberKeys(parts.db, reader.id);
  const window = Math.floor(now / (10 * minute));
  const notice = { purpose: 'manage', subscriberId: reader.id, addressHash, window } as const;
  await queueNotice(parts.db, notice, linkMail, now);
}
