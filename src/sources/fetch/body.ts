import { type Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { checkSize, sizeLimit, tooMuch } from '../../digest/decode.ts';
import { InputError } from '../../lib/errors.ts';

/** The content codings that we ask for (RFC 9110 §8.4.1). */
export const acceptedEncodings = 'gzip, deflate, br';

const decoders = new Map<string, () => NodeJS.ReadWriteStream>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** Nobody packs an answer more often; each layer may hold a thousand times what it is. */
const mostLayers = 2;

/**
 * All of a body, unpacked from its content codings. Stops reading once there are more bytes than a
 * digest can have, packed or not, or `signal` is aborted, though only unpacking may still go on.
 * Throws InputError for the first and for codings that nobody asked for; the errors of the
 * connection, of broken compression and of `signal` are let through.
 */
export async function readBody(
  body: Readable,
  headers: { readonly encoding: string | null; readonly length: string | null },
  label: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const stages = (headers.encoding ?? '')
    .toLowerCase()
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && name !== 'identity')
    .map(name => decoders.get(name) ?? unknown(name, label))
    .reverse();
  if (stages.length > mostLayers) {
    throw new InputError(`${label}: the answer is packed ${stages.length} times over.`);
  }
  checkSize(Number(headers.length ?? 0), label);
  const chunks: Uint8Array[] = [];
  const collected = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const pipes = [body, limit(label), ...stages.map(make => make()), limit(label), collected];
  await pipeline(pipes, { signal }).catch((error: unknown) => {
    // Its reason says more.
    if (!(error instanceof InputError)) signal.throwIfAborted();
    throw error;
  });
  return Buffer.concat(chunks);
}

/** Lets as many bytes through as a digest can have. */
function limit(label: string): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      done(size > sizeLimit ? tooMuch(label) : null, chunk);
    },
  });
}

function unknown(name: string, label: string): never {
  throw new InputError(
    `${label}: the answer is packed as "${name.slice(0, 20)}", which is unknown.`,
  );
}
