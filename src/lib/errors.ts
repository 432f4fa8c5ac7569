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

/** What became of checking a text: a typed value, or what is wrong with it, in words. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** The text is what it should be, and comes to `value`. */
export const pass = <T>(value: T) => ({ ok: true, value }) as const;

/** The text cannot be used; `problem` says why in words, the text itself only where it is no secret. */
export const fail = (problem: string) => ({ ok: false, problem }) as const;
