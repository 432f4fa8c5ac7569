import { InputError, messageOf } from '../errors.ts';
import { excerpt } from './text.ts';

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
