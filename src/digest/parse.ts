import { InputError } from '../errors.ts';
import { capture } from './capture.ts';
import { decode } from './decode.ts';
import type { Digest } from './digest.ts';
import type { Format, ParseOptions } from './format.ts';

/** In the order they are tried. A new format is a new file and a line here. */
const formats: readonly Format[] = [capture];

/**
 * Reads a digest in whatever format it comes, recognised by its content. Where the source names no
 * day, the digest's date is `referenceDay`. Throws InputError that names source and line.
 */
export function parseDigest(input: Uint8Array | string, options: ParseOptions): Digest {
  const text = decode(input, options.source);
  const format = formats.find(one => one.recognises(text));
  if (!format)
    throw new InputError(
      `${options.source}: it is in no format that Paperround reads. ` +
        'It reads the text of a Daily Papers page, as copied from a browser.',
    );
  return format.parse(text, options);
}
