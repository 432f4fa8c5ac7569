import { InputError, messageOf } from '../lib/errors.ts';
import { excerpt } from '../lib/text.ts';

/** The value of a JSON text. Throws InputError. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = excerpt(messageOf(error), 100);
    throw new InputError(
      `${source}: this is not whole JSON: ${reason}. Was it cut off on its way?`,
      { cause: error },
    );
  }
}

/** A month of Daily Papers has 1,500 items. Each takes a few µs to look at, whatever is in it. */
const mostItems = 20_000;

/** Throws InputError where a list has more items than anybody's list of papers. */
export function checkCount(count: number, source: string): void {
  if (count <= mostItems) return;
  throw new InputError(`${source}: ${count} items are no digest; the limit is ${mostItems}.`);
}
