import { InputError } from '../lib/errors.ts';
import { capture } from './capture/capture.ts';
import { dailyPapers, dailyPapersPage } from './daily-papers.ts';
import { decode } from './decode.ts';
import type { LoadedDigest } from './digest.ts';
import type { Format, ParseOptions } from './format.ts';
import { jsonFeed } from './json-feed.ts';
import { jsonl } from './jsonl.ts';
import { weeklyText } from './weekly-text.ts';
import { xmlFeed } from './xml-feed.ts';

/** In the order they are tried. A new format is a new file and a line here. */
const formats: readonly Format[] = [
  dailyPapers,
  dailyPapersPage,
  xmlFeed,
  jsonFeed,
  jsonl,
  weeklyText,
  capture,
];

/**
 * Reads a digest in whatever format it comes, recognised by its content. Where the source names no
 * day, the digest's date is `referenceDay`. Throws EmptyDigestError for a list without papers, and
 * InputError that names source and line for what cannot be read.
 */
export function parseDigest(input: Uint8Array | string, options: ParseOptions): LoadedDigest {
  const text = decode(input, options.source);
  const format = formats.find(one => one.recognises(text));
  if (!format)
    throw new InputError(
      `${options.source}: it is in no format that Paperround reads. It reads ` +
        `${formats.map(({ name }) => name).join('; ')}.`,
    );
  return format.parse(text, options);
}
