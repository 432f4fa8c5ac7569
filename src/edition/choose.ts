import type { Cues } from './cues.ts';
import { worthOfWords } from './worth.ts';

/**
 * How long a summary one hopes for. The lines that come with papers have 20 words; a few more leave
 * room for a result beside what was done, and cost no overlap with those lines.
 */
const wordsPerChar = 26 / 320;

/**
 * What is added to the overlap hoped for (0 to 1; good sentences differ by a few hundredths) because
 * of what the sentences are: they say what a thing is, say a result, or hang in the air. Half or
 * twice as much changes little.
 */
const bonus = { explains: 0.05, result: 0.02, adrift: -0.03 };

/** A sentence of an abstract as it would be shown, and the place it has there. */
export type Sentence = Cues & {
  readonly at: number;
  readonly text: string;
  readonly words: readonly string[];
};

type Some = readonly Sentence[];

/** Chooses sentences of `all`, those of `text`, that make the best summary, in their order. */
export function chooser(text: string, all: Some, maxChars: number) {
  const score = scorer(text, all, maxChars);
  return {
    /** One of `some`, whether it fits or not. */
    one: (some: Some): Some => best(some.map(alone), score),
    /** One to three of `some`, each of which fits. All pairs are tried, then a third for the best. */
    upToThree: (some: Some): Some => {
      const pairs = some.flatMap(one => withAnother(alone(one), some, maxChars));
      const pair = best([...some.map(alone), ...pairs], score);
      return best([pair, ...withAnother(pair, some, maxChars)], score);
    },
  };
}

/** Reckons how much of a summary that somebody else would write (ROUGE-1 F) is in some sentences. */
function scorer(text: string, all: Some, maxChars: number) {
  const worth = worthOfWords(text, all);
  const hopedFor = maxChars * wordsPerChar;
  return (some: Some): number => {
    const words = some.flatMap(one => one.words);
    let shared = 0;
    for (const word of new Set(words)) shared += worth.get(word) ?? 0;
    return (2 * shared) / (words.length + hopedFor) + bonusOf(some);
  };
}

function bonusOf(some: Some): number {
  const adrift = some.some((one, nth) => one.pointsBack && some[nth - 1]?.at !== one.at - 1);
  return (
    (some.some(one => one.explains) ? bonus.explains : 0) +
    (some.some(one => one.result || one.finding) ? bonus.result : 0) +
    (adrift ? bonus.adrift : 0)
  );
}

function alone(one: Sentence): Some {
  return [one];
}

/** `chosen` with one more of `some`, in order, in all ways that fit. */
function withAnother(chosen: Some, some: Some, maxChars: number): readonly Some[] {
  return some
    .filter(one => !chosen.includes(one))
    .map(one => [...chosen, one].sort((a, b) => a.at - b.at))
    .filter(longer => joined(longer).length <= maxChars);
}

function best(candidates: readonly Some[], score: (some: Some) => number): Some {
  let found: Some = [];
  let most = Number.NEGATIVE_INFINITY;
  for (const some of candidates) {
    const reached = score(some);
    if (reached > most) [found, most] = [some, reached];
  }
  return found;
}

/** `some` as one text. Chinese and Japanese have no space after a stop. */
export function joined(some: Some): string {
  return some
    .map(one => one.text)
    .join(' ')
    .replace(/(?<=[。！？]) /gu, '');
}
