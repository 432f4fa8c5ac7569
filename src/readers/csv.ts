import { pipeline, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, type InfoRecord, parse } from 'csv-parse';
import { InputError } from '../lib/errors.ts';

/** The bytes of a list, or its text, piece by piece. */
export type Chunks = AsyncIterable<Uint8Array | string>;

/** A row as it stands in the file; `line` is where it begins, from 1. */
export type Cells = { readonly cells: readonly string[]; readonly line: number };

/** Bytes that are read at a time: some 5 ms. */
const pieceSize = 16_384;

/** Longest row that is read, in characters: a longer one is no row of a list. */
const maxRow = 65_536;

/**
 * The rows of a list in constant memory: CSV (RFC 4180) with commas, semicolons, tabs or bars, in
 * UTF-8, UTF-16 or Windows-1252. Lines that start with # are comments; `sep=;`, which tells Excel
 * the separator, is no row. Throws an InputError that names `file` and the line where rows cannot
 * be told apart, or the bytes are no text.
 */
export async function* readCells(stream: Chunks, file: string): AsyncGenerator<Cells> {
  const text = decodeText(stream, file);
  let head = '';
  while (!hasFirstLine(head) && head.length <= maxRow) {
    const { done, value } = await text.next();
    if (done) break;
    head += value;
  }
  let linesRead = 0;
  const parser = parse({
    delimiter: findSeparator(head),
    record_delimiter: '\n',
    comment: '#',
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    info: true,
    max_record_size: maxRow,
    // Called as it parses: an error throws away what was parsed and not yet taken.
    on_record: (record, { lines }) => {
      linesRead = lines;
      return record;
    },
  });
  // Errors of the source reach the loop below through the parser, which pipeline destroys.
  pipeline(Readable.from(startWith(head, text)), parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: InfoRecord;
    }>) {
      if (info.records === 1 && /^sep=$/i.test(record[0] ?? '')) continue;
      const breaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      yield { cells: record, line: info.lines - breaks };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const reason =
      error.code === 'CSV_MAX_RECORD_SIZE' ? `a row longer than ${maxRow} characters, or ` : '';
    throw new InputError(
      `${file}: from line ${linesRead + 1} on: ${reason}a quote that is left open or out of place`,
      { cause: error },
    );
  }
}

async function* startWith(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (head !== '') yield head;
  yield* rest;
}

/** The separator that the first line with content uses most outside quotes; a comma where none. */
function findSeparator(head: string): string {
  const line = firstLine(head)?.replace(/"[^"]*"/g, '') ?? '';
  const count = (separator: string) => line.split(separator).length;
  const [most = ','] = [',', ';', '\t', '|'].toSorted((a, b) => count(b) - count(a));
  return most;
}

/** Whether `head` holds the whole first line with content. */
function hasFirstLine(head: string): boolean {
  return firstLine(head.slice(0, head.lastIndexOf('\n') + 1)) !== undefined;
}

function firstLine(head: string): string | undefined {
  return head.split('\n').find(line => line.trim() !== '' && !line.startsWith('#'));
}

/** The text, chunk by chunk, without a byte order mark and with LF line ends. */
async function* decodeText(stream: Chunks, file: string): AsyncGenerator<string> {
  let line = 1;
  let heldReturn = '';
  try {
    for await (const piece of decodeBytes(stream)) {
      const text = heldReturn + piece;
      // A CR at the end may be half of a CRLF.
      heldReturn = text.endsWith('\r') ? '\r' : '';
      const whole = text.slice(0, text.length - heldReturn.length).replace(/\r\n?/g, '\n');
      line += whole.split('\n').length - 1;
      if (whole !== '') yield whole;
    }
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new InputError(
      `${file}: not UTF-8 text, from line ${line} on; save the list as CSV in UTF-8`,
      { cause },
    );
  }
  if (heldReturn !== '') yield '\n';
}

/** Throws a TypeError where the bytes are no text, or in an encoding that cannot be known. */
async function* decodeBytes(stream: Chunks): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let held: Buffer = Buffer.alloc(0);
  let started = false;
  const decode = (bytes: Buffer, ended: boolean): string => {
    const encoding: string | null = decoder?.encoding ?? encodingOf(bytes, started, ended);
    const ascii = encoding === null ? asciiIn(bytes) : 0;
    held = encoding === null ? bytes.subarray(ascii) : Buffer.alloc(0);
    started ||= ascii > 0;
    if (encoding !== null) decoder ??= new TextDecoder(encoding, { fatal: true });
    const text = decoder?.decode(bytes, { stream: !ended }) ?? bytes.toString('latin1', 0, ascii);
    // Cyrillic or Japanese bytes read as Western letters, which hardly stand three in a row.
    const isOther = encoding === 'windows-1252' && /[^\0-\x7f]{3}/.test(text);
    if (isOther || text.includes('\0')) throw new TypeError('not text');
    return text;
  };
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    for (let at = 0; at < bytes.length; at += pieceSize) {
      yield decode(Buffer.concat([held, bytes.subarray(at, at + pieceSize)]), false);
      // A list in memory is read without a pause otherwise, and mails are being sent meanwhile.
      await setImmediate();
    }
  }
  yield decode(held, true);
}

/**
 * The encoding that a byte order mark at the start names, or that the first letter beyond ASCII is
 * in; null where no such letter came yet, or half of one. Excel writes “CSV” in Windows-1252 and
 * “Unicode text” in UTF-16.
 */
function encodingOf(bytes: Buffer, started: boolean, ended: boolean): string | null {
  const mark = started ? '' : bytes.toString('latin1', 0, 2);
  if (mark === '\xff\xfe') return 'utf-16le';
  if (mark === '\xfe\xff') return 'utf-16be';
  const at = asciiIn(bytes);
  const lead = bytes[at] ?? 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (!ended && bytes.length < at + length) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(at, at + length), {
      stream: true,
    });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** How many bytes at the beginning are ASCII. */
function asciiIn(bytes: Buffer): number {
  const at = bytes.toString('latin1').search(/[^\0-\x7f]/);
  return at === -1 ? bytes.length : at;
}

/** A subscriber as an export shows one. */
export type ExportRow = {
  readonly address: string;
  readonly name: string | null;
  readonly status: string;
  readonly frequency: string;
};

/** The list as CSV (RFC 4180, with LF), a line at a time, that an import reads back. */
export async function* writeSubscriberCsv(
  rows: Iterable<ExportRow> | AsyncIterable<ExportRow>,
): AsyncGenerator<string> {
  yield 'email,name,status,frequency\n';
  for await (const { address, name, status, frequency } of rows) {
    yield `${[address, name ?? '', status, frequency].map(text => quote(guard(text))).join(',')}\n`;
  }
}

function quote(text: string): string {
  return /[",\n\r#]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Puts an apostrophe before what a spreadsheet would run as a formula, and before what already
 * looks so guarded, so that `unguard` gives back every text.
 */
function guard(text: string): string {
  return /^'*[=+\-@]/.test(text) ? `'${text}` : text;
}

/** The text that `guard` was given. */
export function unguard(text: string): string {
  return /^'+[=+\-@]/.test(text) ? text.slice(1) : text;
}
