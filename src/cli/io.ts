import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { UsageError } from '../lib/errors.ts';

/** Where a command reads and writes: answers on `stdout`, all that is said on the way on `stderr`. */
export type Io = {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
};

/** What a command came to, as the process's exit code. */
export const exitCodes = { done: 0, failed: 1, usage: 2, waiting: 3 } as const;

/** Writes a line of the answer. */
export function answer(io: Io, line: string): void {
  io.stdout.write(`${line}\n`);
}

/** Writes a piece of a long answer; resolves once it was taken, so that none piles up. */
export function answerPiece(io: Io, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    io.stdout.write(text, error => (error ? reject(error) : resolve()));
  });
}

/** Writes the one JSON object that `--json` promises. */
export function answerJson(io: Io, value: unknown): void {
  answer(io, JSON.stringify(value, null, 2));
}

/** Says something on the way, which is no part of the answer. */
export function say(io: Io, line: string): void {
  io.stderr.write(`${line}\n`);
}

/** Asks a person; anything but yes is no. Throws a UsageError where there is nobody to ask. */
export async function confirm(io: Io, question: string): Promise<boolean> {
  if (!(io.stdin.isTTY === true && io.stderr.isTTY === true)) {
    throw new UsageError(`${question} There is no terminal to ask on: add --yes`);
  }
  const terminal = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/** `1 reader`, `2 readers`, `12,345 readers`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
}

/** Rows as aligned columns; cells are shown as they are, the last one is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map(row => row[column]?.length ?? 0)),
  );
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The program's version, as package.json has it. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
