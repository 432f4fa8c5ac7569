import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { codeOf, InputError, messageOf, shortageOf, UsageError } from '../lib/errors.ts';
import { exitCodes, type Io, say } from './io.ts';
import { createProgram } from './program.ts';

/** Runs one command line (without the program's name). Never throws; resolves to the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.done;
  const program = createProgram(io, result => {
    code = result;
  });
  for (const stream of [io.stdout, io.stderr]) stream.on('error', endQuietly);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, argv.includes('--verbose'), io);
  }
}

/** Who reads our output may have seen enough, as `head` has; that is no error. */
function isClosedPipe(error: unknown): boolean {
  return ['EPIPE', 'ERR_STREAM_DESTROYED'].includes(codeOf(error));
}

function endQuietly(error: Error): void {
  if (!isClosedPipe(error)) throw error;
}

function explain(error: unknown, verbose: boolean, io: Io): number {
  // Commander has said itself what is wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (isClosedPipe(error)) return exitCodes.done;
  const expected = error instanceof InputError || error instanceof UsageError;
  const shortage = expected ? null : shortageOf(error);
  const hint = expected || shortage || verbose ? '' : ' (--verbose shows where)';
  say(io, `paperround: ${shortage ?? messageOf(error)}${hint}`);
  if (verbose) say(io, inspect(error));
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}
