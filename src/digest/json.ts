import { InputError, messageOf } from '../errors.ts';
import { excerpt } from './text.ts';

/** The value of a JSON text. Throws an InputError that names the line. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = excerpt(messageOf(error), 100);
    const place = /position (\d+)/.exec(messageOf(error))?.[1];
    const line = place ? `:${text.slice(0, Number(place)).split('\n').length}` : '';
    throw new InputError(
      `${source}${line}: this is not whole JSON: ${reason}. Was it cut off on its way?`,
      { cause: error },
    );
  }
}
