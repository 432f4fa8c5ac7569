import { CommanderError } from 'commander';
import { InputError, messageOf, UsageError } from '../errors.ts';
import { exitCodes, type Io, say } from './io.ts';
import { createProgram } from './program.ts';

/** Runs one command line (without the program's name). Never throws; resolves to the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.done;
  const program = createProgram(io, result => {
    code = result;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, argv.includes('--verbose'), io);
  }
}

function explain(error: unknown, verbose: boolean, io: Io): number {
  // Commander has said itself what is wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  const expected = error instanceof InputError || error instanceof UsageError;
  const hint = expected || verbose ? '' : ' (--verbose shows where)';
  say(io, `paperround: ${messageOf(error)}${hint}`);
  if (verbose && error instanceof Error && error.stack) say(io, error.stack);
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}
