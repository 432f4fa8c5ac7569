import { cleanText } from '../../lib/text.ts';

/** What a piece of text looks like by itself, without its neighbours. Real titles have at most 170
 * characters and no full stop at the end; real abstracts of fewer than 500 all end in one. */
const longestTitle = 300;

/** No abstract has more characters; what has is something else. */
export const longestAbstract = 20_000;

/** Whether `text` can only be (part of) an abstract: long, or sentences, or with a URL in it. */
export function looksLikeAbstract(text: string): boolean {
  if (text.length > longestTitle) return true;
  if (/https?:\/\//.test(text) && /\s/.test(text)) return true;
  if (endsSentence(text)) return wordsOf(text).length > 3;
  if (/(?:…|\.\.\.)$/.test(text)) return text.length > 100;
  return text.length > 200 && /[.!?]["”')\]]?\s+\p{Lu}/u.test(text);
}

/** Whether the words are written as in a sentence (`This is shown`), not as in a Title Like This. */
export function looksLikeSentence(text: string): boolean {
  const rest = wordsOf(text).slice(1);
  const lower = rest.filter(word => /^\p{Ll}/u.test(word));
  return rest.length >= 2 && lower.length * 2 >= rest.length;
}

/** Whether `text` announces more, as no title does: `Our contributions are:`. */
export function announcesMore(text: string): boolean {
  return /[:;,]$/.test(text);
}

/** Whether `text` goes on from `before`, which ends without a full stop. */
export function goesOnFrom(text: string, before: string): boolean {
  return /^\p{Ll}/u.test(text) && !/[.!?:]["”')\]]*$/.test(before) && wordsOf(text).length > 3;
}

/** Whether `text` ends as sentences do. */
export function endsSentence(text: string): boolean {
  return /(?<![.…]|\b(?:vs|al|etc))\.["”')\]]*$/.test(text);
}

/**
 * The lines of one paragraph as one text. A word broken after its hyphen is put together
 * (`real-` `world`), unless the hyphen hangs (`pre-` `and post-training`).
 */
export function joinLines(lines: readonly string[]): string {
  let joined = '';
  const parts: string[] = [];
  for (const line of lines) {
    const broken = /[\p{L}\p{N}]-$/u.test(joined) && /^(?!(?:and|or|to)\b)\p{Ll}/u.test(line);
    if (joined !== '' && !broken) parts.push(' ');
    parts.push(line);
    joined = line;
  }
  return cleanText(parts.join(''));
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(word => /\p{L}/u.test(word));
}
