import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkSize, sizeLimit, tooMuch } from '../digest/decode.ts';
import { InputError, messageOf } from '../lib/errors.ts';

/** The bytes of a digest, and how messages name where they came from. */
export type DigestText = {
  readonly bytes: Uint8Array;
  readonly label: string;
};

/** What standard input and other streams of bytes are to us. */
export type ByteStream = AsyncIterable<Uint8Array | string>;

const samplePath = fileURLToPath(new URL('../../templates/sample/digest.txt', import.meta.url));

/**
 * Reads a path, `-` (`stdin`), or `sample` (the bundled digest). Never holds more than the size
 * limit. Throws InputError where there is nothing to read.
 */
export async function readDigestText(source: string, stdin: ByteStream): Promise<DigestText> {
  if (source === '-') {
    return { bytes: await readStream(stdin, 'standard input'), label: 'standard input' };
  }
  const path = source === 'sample' ? samplePath : source;
  return { bytes: await readFile(path, source), label: source };
}

/** Whether a file of that name is there. */
export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    found => found.isFile(),
    () => false,
  );
}

async function readFile(path: string, label: string): Promise<Uint8Array> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(label, error);
  });
  if (found.isDirectory()) {
    throw new InputError(`${label}: this is a folder. Name one file in it.`);
  }
  checkSize(found.size, label);
  return await readStream(createReadStream(path), label).catch((error: unknown) => {
    throw error instanceof InputError ? error : unreadable(label, error);
  });
}

function unreadable(label: string, cause: unknown): InputError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  const reason = reasons.get(String(code)) ?? `cannot be read: ${messageOf(cause)}`;
  return new InputError(`${label}: ${reason}`, { cause });
}

const reasons = new Map([
  ['ENOENT', 'no such file. A digest is a file, a URL, "-" for standard input, or "sample".'],
  ['ENOTDIR', 'no such file: a part of its path is a file, not a folder.'],
  ['EACCES', 'you are not allowed to read it. Check its permissions.'],
  ['EPERM', 'you are not allowed to read it. Check its permissions.'],
]);

async function readStream(stream: ByteStream, label: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > sizeLimit) throw tooMuch(label);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
