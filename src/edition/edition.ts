import type { Paper } from '../digest/digest.ts';
import { addDays, type Day, isDay, mondayOf, weekOf } from '../lib/day.ts';

/** How often a reader gets an edition, and the schedule makes one. */
export type Frequency = 'daily' | 'weekly';

export type EditionKind = Frequency | 'manual';

/** At most one edition of an identity is not cancelled. `key` tells manual ones apart; else it is ''. */
export type EditionIdentity = Readonly<{ kind: EditionKind; date: Day; key: string }>;

/** A paper chosen for an edition. `position` counts from 1; the first is the lead. */
export type Pick = {
  readonly position: number;
  readonly paper: Paper;
  /** The editor's, in place of one made from the abstract. */
  readonly summary?: string;
  /** The editor's word on it. */
  readonly note?: string;
};

/** What is sent, before it is rendered. All text is plain text, but for the intro. */
export type Edition = {
  readonly kind: EditionKind;
  /** The local calendar day it is published. */
  readonly date: Day;
  readonly digestDate: Day;
  readonly curator: string | null;
  /** How many papers there were: the digest's, and those of earlier days that came too late. */
  readonly total: number;
  readonly subject: string;
  readonly preheader: string;
  /** The editor's words above the picks, Markdown, at most 2,000 characters; null where there are none. */
  readonly intro: string | null;
  readonly picks: readonly Pick[];
  /** Papers that are listed by title only, as "Also today". */
  readonly also: readonly Paper[];
};

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
export function editionPath(
  { kind, date }: { readonly kind: EditionKind; readonly date: Day },
  key: string,
): string {
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
