import type { Context } from 'hono';
import type { DraftTime } from '../../delivery/drafts.ts';
import { type Day, localDay } from '../../lib/day.ts';
import { type Draft, getDraft } from '../../store/desk.ts';
import { getEdition, type StoredEdition } from '../../store/editions.ts';
import type { DeskParts } from './parts.ts';

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
