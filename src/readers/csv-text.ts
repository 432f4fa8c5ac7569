import { InputError } from '../lib/errors.ts';

/** Longest row that is read, in characters: a longer one is no row of a list. */
export const maxRow = 65_536;

/**
 * The text of a list file, chunk by chunk, without a byte order mark and with LF line ends. Throws
 * an InputError that names `file` and the line where the bytes are not UTF-8 text.
 */
export async function* decodeText(
  stream: AsyncIterable<Uint8Array | string>,
  file: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let heldReturn = '';
  const read = (bytes: Uint8Array | string | null): string => {
    try {
      const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      const text = buffer ? decoder.decode(buffer, { stream: true }) : decoder.decode();
      if (text.includes('\0')) throw new TypeError('NUL in text');
      return text;
    } catch (cause) {
      throw new InputError(
        `${file}: not UTF-8 text, from line ${line} on; save the list as CSV in UTF-8`,
        { cause },
      );
    }
  };
  for await (const bytes of stream) {
    const text = heldReturn + read(bytes);
    // A CR at the end may be half of a CRLF.
    heldReturn = text.endsWith('\r') ? '\r' : '';
    const whole = text.slice(0, text.length - heldReturn.length).replace(/\r\n?/g, '\n');
    line += whole.split('\n').length - 1;
    if (whole !== '') yield whole;
  }
  const rest = (heldReturn + read(null)).replace('\r', '\n');
  if (rest !== '') yield rest;
}

/** The separator that the first line with content uses most outside quotes; a comma where none. */
export function findSeparator(head: string): ',' | ';' | '\t' {
  const line = firstLine(head)?.replace(/"[^"]*"/g, '') ?? '';
  const count = (separator: string) => line.split(separator).length;
  const [most = ','] = ([',', ';', '\t'] as const).toSorted((a, b) => count(b) - count(a));
  return most;
}

/** Whether `head` holds the whole first line with content. */
export function hasFirstLine(head: string): boolean {
  return firstLine(head.slice(0, head.lastIndexOf('\n') + 1)) !== undefined;
}

function firstLine(head: string): string | undefined {
  return head.split('\n').find(line => line.trim() !== '' && !line.startsWith('#'));
}
