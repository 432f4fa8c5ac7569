/**
 * Something a person gave us cannot be used: a digest, a list file, an address, a template.
 * The message says what is wrong, where, and what to do; it is shown without a stack trace.
 * Exit code 1.
 */
export class InputError extends Error {
  override name = 'InputError';
}

/** The command line or the settings cannot be used. Exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
