import { closeSync, openSync } from 'node:fs';

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

/** What a system or SQLite calls an error, `ENOSPC` or `SQLITE_FULL`; '' where it has no name. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What this machine may have too little of, with the cure. */
export const shortages = {
  disk: 'the disk is full: make room on it, and try again',
  descriptors: 'too few files may be open at once: allow more with `ulimit -n 1024`, and try again',
} as const;

/** Whether this machine had too little of something, from an error or its causes; null where not. */
export function shortageOf(error: unknown): string | null {
  const code = codeOf(error);
  if (/^(?:ENOSPC|EDQUOT|SQLITE_FULL)$/.test(code)) return shortages.disk;
  if (/^E[MN]FILE$/.test(code)) return shortages.descriptors;
  // Node and SQLite do not say why they could not open what is there.
  const unsaid = /^(?:ERR_MODULE_NOT_FOUND|SQLITE_CANTOPEN)/.test(code);
  if (unsaid && fewDescriptors()) return shortages.descriptors;
  return error instanceof Error && error.cause ? shortageOf(error.cause) : null;
}

/** Whether not even 500 more files can be opened: loading the pages takes some 250. */
function fewDescriptors(): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < 500) opened.push(openSync('/dev/null', 'r'));
    return false;
  } catch (error) {
    return codeOf(error) === 'EMFILE';
  } finally {
    for (const file of opened) closeSync(file);
  }
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
