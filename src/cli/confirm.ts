import { createInterface } from 'node:readline/promises';
import { UsageError } from '../lib/errors.ts';
import { type Io, isInteractive } from './io.ts';

/** Asks a person; anything but yes is no. Throws a UsageError where there is nobody to ask. */
export async function confirm(io: Io, question: string): Promise<boolean> {
  if (!isInteractive(io)) {
    throw new UsageError(`${question} There is no terminal to ask on: add --yes`);
  }
  const terminal = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
