import type { Cues } from './cues.ts';
import { isPaperWord } from './words.ts';

/** What the worth of words is reckoned from: a sentence's words, and what it is about. */
export type Said = Pick<Cues, 'announces' | 'contributes' | 'finding'> & {
  readonly words: readonly string[];
};

/**
 * How likely a word of an abstract is to stand in a one-line summary that somebody else makes of it,
 * as log odds to be added up: a logistic regression on every second day of 2025 of the papers that
 * come with such a line (1,251), rounded. The other days give the same to within 0.2.
 * `npm run bench:summary` shows both.
 */
const odds = {
  word: -2.5,
  /** In so many of the sentences; the last is for that many and more. */
  sentences: [0, 0, 1.25, 2, 2.65, 3.05],
  /** In the sentence that says what was made, in any about the authors' doing, and in a finding. */
  announced: 1.1,
  contributed: 0.25,
  found: 0.2,
  first: 0.4,
  /** Part of a compound: "low-rank". */
  compound: 0.4,
  number: -1.9,
  paperWord: -2.2,
};

/** For each word of `text`, in the sentences `said`, the chance that a summary would have it. */
export function worthOfWords(text: string, said: readonly Said[]): ReadonlyMap<string, number> {
  const announced = new Set(said.find(({ announces }) => announces)?.words);
  const contributed = wordsOf(said.filter(({ contributes }) => contributes));
  const found = wordsOf(said.filter(({ finding }) => finding));
  const first = new Set(said[0]?.words);
  const compounds = partsOfCompounds(text);
  const worth = new Map<string, number>();
  for (const [word, count] of countSentences(said)) {
    const sum =
      odds.word +
      (odds.sentences[Math.min(count, odds.sentences.length - 1)] ?? 0) +
      (announced.has(word) ? odds.announced : 0) +
      (contributed.has(word) ? odds.contributed : 0) +
      (found.has(word) ? odds.found : 0) +
      (first.has(word) ? odds.first : 0) +
      (compounds.has(word) ? odds.compound : 0) +
      (/^\d+$/.test(word) ? odds.number : 0) +
      (isPaperWord(word) ? odds.paperWord : 0);
    worth.set(word, 1 / (1 + Math.exp(-sum)));
  }
  return worth;
}

function wordsOf(said: readonly Said[]): ReadonlySet<string> {
  return new Set(said.flatMap(({ words }) => words));
}

/** In how many sentences each word is. */
function countSentences(said: readonly Said[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of said)
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function partsOfCompounds(text: string): ReadonlySet<string> {
  const compounds = text.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];
  return new Set(compounds.filter(word => word.includes('-')).flatMap(word => word.split('-')));
}
