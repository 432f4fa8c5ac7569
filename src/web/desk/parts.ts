import type { Context } from 'hono';
import type { DraftTime } from '../../delivery/drafts.ts';
import type { Publishing } from '../../delivery/publish.ts';
import type { ConnectFailure, Connection } from '../../delivery/smtp.ts';
import type { LoadedDigest } from '../../digest/digest.ts';
import { type Day, localDay } from '../../lib/day.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { List } from '../../readers/list.ts';
import type { Database } from '../../store/database.ts';
import { type Draft, getDraft } from '../../store/desk.ts';
import { getEdition, type StoredEdition } from '../../store/editions.ts';
import type { TrustedProxies } from '../plumbing/client-address.ts';
import type { OneTimeKey } from './password.ts';
import type { DeskPages } from './shell.ts';

/** What stands around the desk: what the command that serves it knows. */
export type DeskAround = {
  /** Reads what is named, else today's digest. Throws an InputError. */
  load(source: string | undefined, referenceDay: Day): Promise<LoadedDigest>;
  /** Connects for a test send. */
  connect(): Promise<Connection | ConnectFailure>;
  /** When the next daily edition is due, UTC ms; null where none is. */
  nextDaily(): Promise<number | null>;
  /** Opens the desk once, where there is no password. */
  readonly key: OneTimeKey;
  /** Aborted when the program ends: answers that go on end with it. */
  readonly signal: AbortSignal;
};

/** What the desk is made with. */
export type DeskParts = DeskAround & {
  readonly db: Database;
  /** For what is only shown. */
  readonly reader: Database;
  readonly runtime: Runtime;
  readonly publishing: Publishing;
  readonly list: List;
  readonly pages: DeskPages;
  /** Null where the desk answers this machine alone. */
  readonly password: string | null;
  /** The key of the hashes under which guesses are counted. */
  readonly hashKey: Buffer;
  /** PUBLIC_URL without a slash at its end; null where there is none. */
  readonly base: string | null;
  readonly proxies: TrustedProxies;
  /** An IANA name. */
  readonly timeZone: string;
  /** How many papers the picker takes. */
  readonly papers: number;
  /** Where tests go unless another address is typed. */
  readonly tester: string;
  /** The instant (UTC ms) that an editor named. Throws an InputError. */
  readTime(text: string): number;
  /** Called where a delivery may have been queued. */
  readonly onDelivery: () => void;
};

/** Today, in TIMEZONE. */
export function today({ runtime, timeZone }: DeskParts): Day {
  return localDay(runtime.now(), timeZone);
}

/** When a draft is sent: now, or at an instant (UTC ms). */
export function timeOf(parts: DeskParts, sendAt?: number): DraftTime {
  return { date: sendAt === undefined ? today(parts) : localDay(sendAt, parts.timeZone), sendAt };
}

/** The number in a path; 0, which nothing has, where it is none. */
export function numberIn(context: Context): number {
  const text = context.req.param('id') ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : 0;
}

/** The draft that a path names; null where there is none. */
export function draftIn({ db }: DeskParts, context: Context): Promise<Draft | null> {
  return getDraft(db, numberIn(context));
}

/** The edition that a path names; null where there is none. */
export function editionIn({ db }: DeskParts, context: Context): Promise<StoredEdition | null> {
  return getEdition(db, numberIn(context));
}

/** `1,234` */
export const shown = (number: number) => number.toLocaleString('en');

/** `1 reader`, `1,234 readers`. */
export function count(number: number, noun: string): string {
  return `${shown(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** `Thu 4 Sep, 07:30`. */
export function clock(instant: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(instant);
}
