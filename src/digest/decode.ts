import { isUtf8 } from 'node:buffer';
import { InputError } from '../lib/errors.ts';
import { isDailyPapersPage } from './daily-papers.ts';

/** A digest is never larger, in bytes; the largest known day has 0.2 MB. */
export const sizeLimit = 20_000_000;

/** Nor has it more lines. */
const lineLimit = 100_000;

/**
 * The text of a digest, without a byte order mark and with `\n` line ends. Throws InputError for
 * what is no text that anybody wrote: nothing, too much, a PDF, an archive, a web page, bad UTF-8.
 */
export function decode(input: Uint8Array | string, source: string): string {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  checkSize(bytes.length, source);
  const kind = kindOfBinary(bytes);
  if (kind) {
    throw new InputError(`${source}: this is ${kind}, not text. Copy the page's text into a file.`);
  }
  const encoding = isUtf8(bytes) ? 'utf-8' : declaredEncoding(bytes);
  if (!encoding) throw notUtf8(bytes, source);
  const text = new TextDecoder(encoding).decode(bytes).replace(/\r\n?|\u2028|\u2029/g, '\n');
  checkText(text, source);
  return text;
}

/** Throws InputError where `size` (bytes) is more than a digest can have. */
export function checkSize(size: number, source: string): void {
  if (size <= sizeLimit) return;
  throw new InputError(
    `${source}: ${Math.ceil(size / 1e6)} MB is no digest; the limit is ${sizeLimit / 1e6} MB.`,
  );
}

/** The error where a digest has more than that, and nobody knows how much. */
export function tooMuch(source: string): InputError {
  return new InputError(`${source}: more than ${sizeLimit / 1e6} MB is no digest.`);
}

const magics: readonly { readonly start: string; readonly kind: string }[] = [
  { start: '%PDF-', kind: 'a PDF' },
  { start: 'PK\u0003\u0004', kind: 'a zip archive or an office document' },
  { start: '\u001f\u008b', kind: 'a gzip archive' },
  { start: '\u0089PNG', kind: 'a picture' },
  { start: '\u00ff\u00d8\u00ff', kind: 'a picture' },
  { start: 'GIF8', kind: 'a picture' },
  { start: '\u00ff\u00fe', kind: 'UTF-16; save it as UTF-8' },
  { start: '\u00fe\u00ff', kind: 'UTF-16; save it as UTF-8' },
];

function kindOfBinary(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  const known = magics.find(magic => start.startsWith(magic.start));
  return known?.kind ?? (start.includes('\0') ? 'binary data' : null);
}

/** What XML says of itself: `<?xml version="1.0" encoding="ISO-8859-1"?>`; null where it does not. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 300)).toString('latin1');
  const label = /^\s*<\?xml[^>]*\bencoding=["']([\w.:-]{1,40})["']/i.exec(start)?.[1];
  // A file that says it is UTF-8 and is not has an error in it.
  return label && /^(?:iso-?8859|windows-|us-ascii|koi8|euc-|gb|shift_jis|big5)/i.test(label)
    ? label
    : null;
}

function notUtf8(bytes: Uint8Array, source: string): InputError {
  const read = new TextDecoder().decode(bytes);
  const line = read.slice(0, read.indexOf('\uFFFD')).split(/\r\n?|\n/).length;
  return new InputError(`${source}:${line}: this is not valid UTF-8. Save the file as UTF-8 text.`);
}

const webPage = /^\s*<(?:!doctype|html|head|body|\?xml[^>]*>\s*<(?:!doctype )?html)\b/i;

function checkText(text: string, source: string): void {
  if (text.trim() === '') {
    throw new InputError(`${source}: it is empty. A digest is the text of a page of papers.`);
  }
  if (webPage.test(text.slice(0, 2000)) && !isDailyPapersPage(text)) {
    throw new InputError(
      `${source}: this is a web page (HTML)${titleOf(text)}, not a digest. ` +
        'Copy the text of the page from a browser instead.',
    );
  }
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  if (lines > lineLimit) {
    throw new InputError(`${source}: ${lines} lines are no digest; the limit is ${lineLimit}.`);
  }
}

/** An error page says in its title what went wrong. */
function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]{1,200})</i.exec(html.slice(0, 20_000))?.[1];
  const line = title?.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line === undefined ? '' : ` titled “${line.slice(0, 60)}”`;
}
