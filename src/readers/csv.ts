import { pipeline, Readable } from 'node:stream';
import { CsvError, type InfoRecord, parse } from 'csv-parse';
import { InputError } from '../lib/errors.ts';
import {
  type Columns,
  findColumns,
  guard,
  type OtherRow,
  readRow,
  type SubscriberRow,
} from './csv-columns.ts';
import { decodeText, findSeparator, hasFirstLine, maxRow } from './csv-text.ts';

export type { OtherRow, SubscriberRow } from './csv-columns.ts';

/**
 * Reads a list in constant memory: CSV with commas, semicolons or tabs, with or without a heading
 * (`email`, `name`, `frequency`, `status`; others are ignored), or one address a line; lines that
 * start with # are comments. A row that cannot be used is a value, with its line and reason. A
 * file whose rows cannot be told apart throws an InputError that names `file` and the line:
 * broken quotes, a line break in an address or name, bytes that are no text.
 */
export async function* readSubscriberRows(
  stream: AsyncIterable<Uint8Array | string>,
  file: string,
): AsyncGenerator<SubscriberRow | OtherRow> {
  let columns: Columns | null = null;
  for await (const { cells, line } of readCells(decodeText(stream, file), file)) {
    if (columns === null) {
      const found = findColumns(cells);
      if (!found) {
        throw new InputError(
          `${file}:${line}: no column is called email; start the file with a line such as "email,name"`,
        );
      }
      columns = found.columns;
      if (found.isHeading) continue;
    }
    if (/\n/.test(`${cells[columns.email] ?? ''}${cells[columns.name] ?? ''}`)) {
      throw new InputError(
        `${file}:${line}: a line break inside an address or name; is a quote left open?`,
      );
    }
    yield readRow(cells, columns, line);
  }
  if (columns === null) throw new InputError(`${file}: the file is empty`);
}

/**
 * Reads a whole list without using it, so that a broken one is found before anything is stored:
 * the first of two passes. Throws as `readSubscriberRows` does.
 */
export async function checkSubscriberFile(
  stream: AsyncIterable<Uint8Array | string>,
  file: string,
): Promise<void> {
  for await (const _ of readSubscriberRows(stream, file));
}

type Cells = { readonly cells: readonly string[]; readonly line: number };

/** The records with the line each starts on. */
async function* readCells(text: AsyncGenerator<string>, file: string): AsyncGenerator<Cells> {
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

/** A subscriber as an export shows one. */
export type ExportRow = {
  readonly address: string;
  readonly name: string | null;
  readonly status: string;
  readonly frequency: string;
};

/** The list as CSV (RFC 4180, with LF), a line at a time, that `readSubscriberRows` reads back. */
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
