import type { Day } from '../day.ts';
import type { Digest } from './digest.ts';
import { parseDigest } from './parse.ts';
import { type ByteStream, readDigestText } from './read.ts';

/** How to load a digest. */
export type LoadOptions = {
  /** Today, or the day the editor named: what a day without a year is reckoned from. */
  readonly referenceDay: Day;
  readonly stdin: ByteStream;
};

/**
 * Reads and parses the digest at `source`: a path, `-`, an http(s) URL, or `sample`. The sample is
 * always of `referenceDay`. Throws InputError that says what is wrong and where.
 */
export async function loadDigest(source: string, options: LoadOptions): Promise<Digest> {
  const { bytes, label } = await readDigestText(source, options.stdin);
  const digest = parseDigest(bytes, { referenceDay: options.referenceDay, source: label });
  return source === 'sample' ? { ...digest, date: options.referenceDay } : digest;
}
