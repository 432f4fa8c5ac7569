import { chooser, joined, type Sentence } from './choose.ts';
import { clip } from './clip.ts';
import { cuesOf } from './cues.ts';
import { withoutLeadIn } from './lead-in.ts';
import { sentences } from './sentences.ts';
import { contentWords } from './words.ts';

/** As many sentences are a summary as they are. */
const mostSentences = 3;

/** No abstract has more sentences; of a text that has, these are read. */
const mostRead = 40;

/** In less room than most sentences take, the start of the best says more than one that is short. */
const roomForSentence = 240;

/** A source's line of fewer words ("N/A", "TBD") tells nothing. */
const fewestWordsOfTldr = 4;

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
  const { one, upToThree } = chooser(text, all, maxChars);
  const telling = tellingOnes(all);
  const fitting = fittingOnes(telling, all, maxChars);
  if (fitting.length === 0) return clip(joined(one(telling)), maxChars);
  return joined(upToThree(fitting));
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

function readSentences(text: string): readonly Sentence[] {
  const all: Sentence[] = [];
  for (const sentence of sentences(text)) {
    const rest = withoutLeadIn(sentence);
    all.push({ at: all.length, text: rest, words: contentWords(rest), ...cuesOf(sentence) });
    if (all.length === mostRead) break;
  }
  return all;
}

/** Those from the first on that says what the authors did: what stands before it is background. */
function tellingOnes(all: readonly Sentence[]): readonly Sentence[] {
  const own = all.findIndex(one => one.announces || one.contributes);
  const start = own < 0 ? all.findIndex(one => one.authorsSpeak) : own;
  const said = all.slice(Math.max(0, start)).filter(one => !one.housekeeping);
  return [said.filter(isWhole), said, all].find(some => some.length > 0) ?? [];
}

/** Those of `telling` that fit; where there is room for a sentence, rather background than none. */
function fittingOnes(
  telling: readonly Sentence[],
  all: readonly Sentence[],
  maxChars: number,
): readonly Sentence[] {
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
