import type { Day } from '../day.ts';
import type { Digest } from './digest.ts';

/** What a parser is told besides the text. */
export type ParseOptions = {
  /** A day without a year is the latest such day not after this one. */
  readonly referenceDay: Day;
  /** How messages name the source: a path, a URL. */
  readonly source: string;
};

/** One format that digests come in. */
export type Format = {
  readonly name: string;
  /** Whether the text is in this format, by a look at it. */
  readonly recognises: (text: string) => boolean;
  /** Text with `\n` line ends in, digest out. Throws InputError. */
  readonly parse: (text: string, options: ParseOptions) => Digest;
};
