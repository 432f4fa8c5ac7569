import { clip } from '../lib/text.ts';
import { cuesOf, withoutLeadIn } from './cues.ts';
import { sentences } from './sentences.ts';
import { contentWords, type Sentence, worthOfWords } from './worth.ts';

type Some = readonly Sentence[];

/** As many sentences are a summary as they are. */
const mostSentences = 3;

/** No abstract has more sentences; of a text that has, these are read. */
const mostRead = 40;

/** In less room than most sentences take, the start of the best says more than one that is short. */
const roomForSentence = 240;

/** A source's line of fewer words ("N/A", "TBD") tells nothing. */
const fewestWordsOfTldr = 4;

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

/**
 * What a paper did and found, in at most `maxChars` characters: one to three sentences of
 * `abstract` in their order, without the words that only tie them to others ("In this paper, ").
 * Where not one of them fits, the best is cut at a word, with "…". The source's own `tldr` is taken
 * instead where it has one.
 */
export function summarise(abstract: string, maxChars: number, tldr: string | null = null): string {
  const given = tldr?.trim() ?? '';
  if (given.split(/\s+/).length >= fewestWordsOfTldr) return firstOf(given, maxChars);
  const text = abstract.trim();
  const all = readSentences(text);
  if (text.length <= maxChars && all.length <= mostSentences) return text;
  const score = scorer(text, all, maxChars);
  const telling = tellingOnes(all);
  const fitting = fittingOnes(telling, all, maxChars);
  if (fitting.length === 0) return clip(joined(best(alone(telling), score)), maxChars);
  // All pairs are tried, then a third for the best.
  const pairs = alone(fitting).flatMap(one => withAnother(one, fitting, maxChars));
  const pair = best([...alone(fitting), ...pairs], score);
  return joined(best([pair, ...withAnother(pair, fitting, maxChars)], score));
}

/** The first sentences of `text` that fit, or what fits of the first one. */
function firstOf(text: string, maxChars: number): string {
  let end = 0;
  for (const sentence of sentences(text)) {
    const next = text.indexOf(sentence, end) + sentence.length;
    if (next > maxChars) return end > 0 ? text.slice(0, end) : clip(text, maxChars);
    end = next;
  }
  return text;
}

function readSentences(text: string): Some {
  const all: Sentence[] = [];
  for (const sentence of sentences(text)) {
    const rest = withoutLeadIn(sentence);
    all.push({ at: all.length, text: rest, words: contentWords(rest), ...cuesOf(sentence) });
    if (all.length === mostRead) break;
  }
  return all;
}

/** Those from the first on that says what the authors did: what stands before it is background. */
function tellingOnes(all: Some): Some {
  const own = all.findIndex(one => one.announces || one.contributes);
  const start = own < 0 ? all.findIndex(one => one.authorsSpeak) : own;
  const said = all.slice(Math.max(0, start)).filter(one => !one.housekeeping);
  return [said.filter(isWhole), said, all].find(some => some.length > 0) ?? [];
}

/** Those of `telling` that fit; where there is room for a sentence, rather background than none. */
function fittingOnes(telling: Some, all: Some, maxChars: number): Some {
  const fits = (one: Sentence) => one.text.length <= maxChars;
  const fitting = telling.filter(fits);
  if (fitting.length > 0 || maxChars < roomForSentence) return fitting;
  return all.filter(one => fits(one) && isWhole(one) && !one.housekeeping);
}

/** Neither part of a list without its beginning, nor cut off by the source. */
function isWhole({ text }: Sentence): boolean {
  const ends = /[.!?…。！？]["'”’»)\]]*$/u.test(text);
  const isItem = /^\(?(?:\d{1,2}|[ivx]{1,4}|[a-d])[.)]\s/.test(text);
  const goesOn = /[.;] (?:\(?[2-9]\)|[2-9]\.) /.test(text);
  return ends && !isItem && (!goesOn || /\b1[.)] /.test(text));
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

function alone(some: Some): readonly Some[] {
  return some.map(one => [one]);
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
function joined(some: Some): string {
  return some
    .map(one => one.text)
    .join(' ')
    .replace(/(?<=[。！？]) /gu, '');
}
