import { childrenOf, childText, parseXml } from '../../digest/markup.ts';
import { InputError } from '../../lib/errors.ts';
import { excerpt } from '../../lib/text.ts';

/** How many characters of an answer are looked at for what went wrong. */
const looked = 20_000;

/**
 * What a server says in the body of an error, on one line: `error` or `message` of JSON, the summary
 * of arXiv's error entry, the title of a page. Null where it says nothing of the kind.
 */
export function wordsOf(body: Uint8Array): string | null {
  const text = new TextDecoder().decode(body.subarray(0, looked)).trim();
  const words = text.startsWith('{') ? inJson(text) : text.startsWith('<') ? inMarkup(text) : null;
  return words?.trim() ? excerpt(words, 200) : null;
}

function inJson(text: string): string | null {
  try {
    const { error, message } = JSON.parse(text);
    return [error, message].find(words => typeof words === 'string') ?? null;
  } catch {
    return null;
  }
}

function inMarkup(text: string): string | null {
  if (!/<feed\b/.test(text.slice(0, 1000))) return /<title>([^<]{1,300})</i.exec(text)?.[1] ?? null;
  try {
    const [entry] = childrenOf(parseXml(text, ''), 'entry');
    return entry ? childText(entry, 'summary') : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
