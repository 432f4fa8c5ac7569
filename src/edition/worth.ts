import type { cuesOf } from './cues.ts';

/** A sentence of an abstract as it would be shown, and the place it has there. */
export type Sentence = Readonly<ReturnType<typeof cuesOf>> & {
  readonly at: number;
  readonly text: string;
  /** See `contentWords()`. */
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

/** For each word of `text`, whose sentences are `all`, the chance that a summary would have it. */
export function worthOfWords(text: string, all: readonly Sentence[]): ReadonlyMap<string, number> {
  const places = [
    { words: new Set(all.find(one => one.announces)?.words), odds: odds.announced },
    { words: wordsOf(all.filter(one => one.contributes)), odds: odds.contributed },
    { words: wordsOf(all.filter(one => one.finding)), odds: odds.found },
    { words: new Set(all[0]?.words), odds: odds.first },
    { words: partsOfCompounds(text), odds: odds.compound },
  ];
  const worth = new Map<string, number>();
  for (const [word, count] of countSentences(all)) {
    let sum = odds.word + (odds.sentences[Math.min(count, odds.sentences.length - 1)] ?? 0);
    for (const { words, odds } of places) if (words.has(word)) sum += odds;
    if (/^\d+$/.test(word)) sum += odds.number;
    if (isPaperWord(word)) sum += odds.paperWord;
    worth.set(word, 1 / (1 + Math.exp(-sum)));
  }
  return worth;
}

function wordsOf(some: readonly Sentence[]): ReadonlySet<string> {
  return new Set(some.flatMap(({ words }) => words));
}

/** In how many sentences each word is. */
function countSentences(all: readonly Sentence[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of all)
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function partsOfCompounds(text: string): ReadonlySet<string> {
  const compounds = text.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];
  return new Set(compounds.filter(word => word.includes('-')).flatMap(word => word.split('-')));
}

/** Words of English that say nothing by themselves. */
const stopWords = set(`
  a about above after again against all also am among an and any are as at be because been before
  being below between both but by can could did do does doing down during each either etc few for
  from further had has have having he her here hers him his how however i if in into is it its itself
  just may me might more most must my no nor not now of off on once only or other our ours out over
  own per same shall she should so some such than that the their theirs them then there these they
  this those through thus to too under until up upon very via was we were what when where whether
  which while who whom whose why will with within without would yet you your`);

/**
 * What every abstract says of itself, in whatever field: these words are in nearly all abstracts and
 * in next to none of the one-line summaries that people or machines wrote of them.
 */
const paperWords = set(`
  addition additional alternative although available average beyond broad broader capable careful
  central clear code com common community compared complementary contribution contributions core
  corresponding critical crucial current despite difficult direction due easy empirical especially
  essential even expensive experimental experiments extensive final findings first five four frontier
  fundamental furthermore future gains gap github great hence high highlights hope html https important
  impressive inherent instead io issue issues key known like limitation made many meanwhile modern
  moreover much nature needs nevertheless notable number numerous often one ones overall page paper
  particular possible potential powerful practical present primary principled prior project promising
  public rapid rather recent related remarkable report respective result results second several
  significant similar simple since six sole sota specific still strong studies substantial systematic
  therefore thereby third three together toward towards two typical underexplored unlike various vary
  way well wide work works world`);

const paperVerbs = new RegExp(
  `^(?:${`achiev address advanc aim allow analyz appl approximat becom build call challeng compris conduct
  consist construct creat curat deliver demonstrat design develop emerg employ enabl ensur establish
  evaluat excel exhibit explor facilitat fail find focus giv identif includ incorporat introduc
  investigat lack lead leverag limit mak mitigat motivat nam observ offer open overcom pav produc
  promis propos provid releas rel remain requir result reveal seen serv set show shown span suffer
  suggest support surpass tackl tend term us validat yield`
    .trim()
    .split(/\s+/)
    .join('|')})(?:e|es|s|d|ed|ied|y|ies|ing|ment|ments)?$`,
);

/** The words of `text` that say something, lower-cased, in order and as often as they occur. */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter(word => !stopWords.has(word));
}

/** Whether a word is of the kind that papers use to talk about papers: "propose", "extensively". */
function isPaperWord(word: string): boolean {
  const stem = word.replace(/(?:al)?ly$/, '');
  return paperWords.has(word) || paperWords.has(stem) || paperVerbs.test(word);
}

function set(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
