import type { Paper } from '../digest/digest.ts';
import type { Day } from '../lib/day.ts';

export type EditionKind = 'daily' | 'weekly' | 'manual';

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
