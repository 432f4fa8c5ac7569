import type { LoadedDigest } from '../digest/digest.ts';
import { EmptyDigestError } from '../digest/empty.ts';
import { mergePapers } from '../digest/merge.ts';
import { InputError } from '../lib/errors.ts';

/** What came of one of several sources: its digest, or why there is none. */
export type Outcome =
  | { readonly digest: LoadedDigest; readonly error?: never }
  | { readonly error: InputError };

/**
 * One digest of all that came, in the order of the sources: of the newest of their days, each paper
 * once with the most that any of them knows. Sources that failed are in `failed`, those that are
 * empty are not. Throws the error of a single source, EmptyDigestError where all are empty, and else
 * an InputError that lists why there is nothing.
 */
export function combine(outcomes: readonly Outcome[]): LoadedDigest {
  const [only, ...others] = outcomes;
  if (only && others.length === 0) {
    if (only.error) throw only.error;
    return only.digest;
  }
  const digests = outcomes.flatMap(outcome => (outcome.error ? [] : [outcome.digest]));
  const errors = outcomes.flatMap(({ error }) => error ?? []);
  const failures = errors.filter(error => !(error instanceof EmptyDigestError));
  if (digests.length === 0) throw nothing(errors, failures.length === 0);
  const days = digests.map(({ date }) => date).sort();
  return {
    date: days.at(-1) ?? '',
    curator: digests.find(({ curator }) => curator !== null)?.curator ?? null,
    papers: mergePapers(digests.flatMap(({ papers }) => papers)),
    leftOut: digests.flatMap(({ leftOut }) => leftOut),
    failed: [...digests.flatMap(({ failed }) => failed), ...failures.map(error => error.message)],
  };
}

function nothing(errors: readonly InputError[], empty: boolean): InputError {
  const lines = errors.map(({ message }) => `\n  ${message}`).join('');
  return empty
    ? new EmptyDigestError(`None of the ${errors.length} sources lists papers:${lines}`)
    : new InputError(`None of the ${errors.length} sources gave papers:${lines}`, {
        cause: errors[0],
      });
}
