import type { Day } from '../lib/day.ts';
import type { LoadedDigest } from './digest.ts';

/** What a parser is told besides the text. */
export type ParseOptions = {
  /** A day without a year is the latest such day not after this one. */
  readonly referenceDay: Day;
  /** How messages name the source: a path, a URL. */
  readonly source: string;
  /** Which day is wanted, where the text may hold several; the newest where it is left out. */
  readonly date?: Day | undefined;
};

/** A digest as a parser gives it. */
export type ParsedDigest = Omit<LoadedDigest, 'failed'>;

/** One format that digests come in. */
export type Format = {
  readonly name: string;
  /** Whether the text is in this format, by a look at it. */
  readonly recognises: (text: string) => boolean;
  /**
   * Text with `\n` line ends in, digest out. Throws EmptyDigestError for a list without papers, and
   * InputError for what cannot be read.
   */
  readonly parse: (text: string, options: ParseOptions) => ParsedDigest;
};
