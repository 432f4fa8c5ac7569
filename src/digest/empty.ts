import { InputError } from '../lib/errors.ts';

/**
 * The source answered, and it lists no papers: a weekend, a holiday, a day asked for that it does not
 * have. Nothing is broken, so a scheduler that gets this tries again later and alarms nobody.
 */
export class EmptyDigestError extends InputError {
  override name = 'EmptyDigestError';
}
