import { clip } from './clip.ts';
import { sentences } from './sentences.ts';

const mostSentences = 3;

/**
 * The first one to three sentences of `abstract` that fit into `maxChars` characters. Where they
 * would be too few to tell anything, the next one is begun and cut at a word, with "…".
 */
export function summarise(abstract: string, maxChars: number): string {
  let summary = '';
  let count = 0;
  for (const sentence of sentences(abstract)) {
    const longer = summary ? `${summary} ${sentence}` : sentence;
    if (longer.length > maxChars)
      return summary.length < maxChars * 0.4 ? clip(longer, maxChars) : summary;
    summary = longer;
    count += 1;
    if (count === mostSentences) break;
  }
  return summary;
}
