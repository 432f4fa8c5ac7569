import { addDays, type Day, isDay, mondayOf, weekOf } from '../lib/day.ts';
import type { EditionKind } from './edition.ts';

/** What makes an edition findable: its kind, its day, and a manual one's key. */
type Identity = { readonly kind: EditionKind; readonly date: Day };

/** What a path asks for. A weekly edition was published on one of the days `from`–`to`. */
export type EditionAddress =
  | { readonly kind: 'daily'; readonly date: Day }
  | { readonly kind: 'weekly'; readonly from: Day; readonly to: Day }
  | { readonly kind: 'manual'; readonly key: string };

// Of the seven days before a Thursday four are in the week before, of those before a Friday three.
const mostOfTheWeek = 4;

/**
 * Where an edition's page is, below `/editions/`: a daily one at its day, `2025-09-03`; a weekly
 * one at the ISO week in which most of the seven days before it are, `2025-W36`, so that it may
 * come on Friday, on Monday, or late; a manual one at its key of 16 hex digits, copies included.
 */
export function editionPath({ kind, date }: Identity, key: string): string {
  if (kind === 'daily') return date;
  return kind === 'weekly' ? weekOfEdition(date) : key.slice(0, 16);
}

/** The ISO week of a weekly edition published on `date`: the one that most of the last seven days are in. */
export function weekOfEdition(date: Day): string {
  return weekOf(addDays(date, -mostOfTheWeek));
}

/** What is at a path; null where nothing can be. The other way round from `editionPath()`. */
export function readEditionPath(path: string): EditionAddress | null {
  if (isDay(path)) return { kind: 'daily', date: path };
  if (/^[0-9a-f]{16}$/.test(path)) return { kind: 'manual', key: path };
  const monday = mondayOf(path);
  if (monday === null) return null;
  const from = addDays(monday, mostOfTheWeek);
  return { kind: 'weekly', from, to: addDays(from, 6) };
}
