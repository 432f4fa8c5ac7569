import type { Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';

/**
 * One paper: title, abstract and what the source knows of it. Text is clean Unicode (NFC, TeX
 * read, white space collapsed, no control characters); URLs are absolute http(s).
 */
export type Paper = {
  /** Without version, `2309.00071` or `hep-th/9901001`; null where the source gives none. */
  readonly arxivId: string | null;
  /** Identity by title, see `titleKey()`. */
  readonly titleKey: string;
  readonly title: string;
  readonly abstract: string;
  /** One sentence on it by the source's machine, not by its authors; null where there is none. */
  readonly tldr: string | null;
  /** Where a click on the title leads; a title search where the source gives no link. */
  readonly url: string;
  readonly pdfUrl: string | null;
  readonly codeUrl: string | null;
  /** Names, in the source's order; empty where unknown. */
  readonly authors: readonly string[];
  /** How many authors there are, where the source says only that, or names them all. */
  readonly authorCount: number | null;
  readonly upvotes: number | null;
  /** The day the paper was published, where the source says so. */
  readonly publishedOn: Day | null;
};

/** The papers that a source published for a day, parsed. */
export type Digest = {
  /** The source's day. */
  readonly date: Day;
  /** Who picked them, `AK and the research community`; null where the source does not say. */
  readonly curator: string | null;
  /** In the source's order; never empty; no paper twice. */
  readonly papers: readonly Paper[];
};

/** A digest as it was read from its source or sources. */
export type LoadedDigest = Digest & {
  /**
   * What could not be read, a sentence each: the ways to the papers that failed, where there are
   * several, and what was left out of the source's list, with its place and the reason.
   */
  readonly problems: readonly string[];
};

/**
 * The source answered, and it lists no papers: a weekend, a holiday, a day asked for that it does not
 * have. Nothing is broken, so a scheduler that gets this tries again later and alarms nobody.
 */
export class EmptyDigestError extends InputError {
  override name = 'EmptyDigestError';
}
