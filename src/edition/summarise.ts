import { clip } from './clip.ts';
import { sentences } from './sentences.ts';

const mostSentences = 3;

/**
 * The first one to three sentences of `abstract` that fit into `maxChars` characters. Where they
 * would be too few to tell anything, the next one is begun and cut at a word, with "…".
 */
export function summarise(abstract: string, maxChars: number): string {
  const text = abstract.trim();
  let end = 0;
  let count = 0;
  for (const sentence of sentences(text)) {
    const next = text.indexOf(sentence, end) + sentence.length;
    const tellsLittle = end < maxChars * 0.4;
    if (next > maxChars)
      return tellsLittle ? clip(text.slice(0, next), maxChars) : text.slice(0, end);
    end = next;
    count += 1;
    if (count === mostSentences) break;
  }
  return text.slice(0, end);
}
