/** Words of English that two texts share by accident. */
const stopWords = new Set(
  `a an the of to in on for with by at from as is are was were be been being and or but that which this
  these those it its we our they their he she i you not no can could may might will would shall should
  do does did have has had than then also such so into over under between through via while when where
  who whom whose what how there here both each more most other some any all very however thus hence`
    .trim()
    .split(/\s+/),
);

/**
 * ROUGE-1 F of two texts over their content words, 0 to 1. Words are runs of letters and digits,
 * lower-cased ("low-rank" is two), without the stop words above, unstemmed. A word counts as often
 * as it is in both; F is twice that over the number of words in both together.
 */
export function rouge(text: string, reference: string): number {
  const words = contentWords(text);
  const left = new Map<string, number>();
  const wanted = contentWords(reference);
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of words) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared += 1;
  }
  return shared === 0 ? 0 : (2 * shared) / (words.length + wanted.length);
}

function contentWords(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter(word => !stopWords.has(word));
}
