/** Abbreviations that a sentence goes on after, whatever follows. */
const never =
  /^(?:i\.e|e\.g|cf|vs|viz|resp|approx|ca|w\.r\.t|s\.t|i\.i\.d|a\.k\.a|dr|prof|mr|mrs|st|dept)$/i;

/** Words that are abbreviations only before a number: "Fig. 3", "Sec. (2)", "No. 5". */
const beforeNumber =
  /^(?:figs?|eqs?|eqns?|secs?|sects?|tabs?|refs?|chaps?|ch|apps?|algs?|thms?|defs?|props?|lem|cor|vol|pp?|nos?|art|ed|v)$/i;

/** Abbreviations and initials that end a sentence only where a usual first word follows. */
const maybe = /^(?:al|etc|avg|inc|ltd|co|corp|jr|sr|[a-z]|(?:[a-z]\.)+[a-z])$/i;

const firstWord =
  /^(?:We|Our|In|The|This|These|That|Those|It|Its|To|For|From|On|At|By|With|When|While|Where|As|A|An|And|But|If|Then|Here|There|They|Such|Since|Using|Both|All|Given|Thus|Hence|However|Moreover|Furthermore|Finally|First|Second|Third|Additionally|Specifically|Recently|Recent|Although|Despite|Instead|Unlike|Because|Through|Experiments|Extensive|Results|Code|Existing|Previous|Prior|Several|Many|Most|Some|One|Two)\b/;

/** Begins with the number of a later item: `(2) act`, `3. Learn`. */
const laterItem = /^(?:\(?[2-9]\)|[2-9]\.)\s/;

/** Ends in the number of an item of a list: `It can: 1. plan; 2. act.` */
const itemNumber = /(?:^|[:;,]\s+|(?<!\p{Lu})\p{Ll}{3}\.\s+|\band\s+)\(?\d{1,2}$/u;

/**
 * A whole run of stops, what closes after it, and the gap. CJK stops need no gap, nor does a word
 * that nothing but a sentence begins with: "in games.We".
 */
const stop =
  /(?<![.!?…])[.!?…]+["'”’»)\]]*\s+|(?<![。！？])[。！？]+[」』”’）]*\s*|(?<=\p{Ll}{3})\.(?=(?:We|Our|This|These|The|It|In|To|Code|Experiments|Extensive|However|Moreover|Furthermore|Additionally|Specifically|Finally|Project)\s)/gu;

/** What is longer between brackets has sentences of its own, or they are no pair. */
const longestAside = 300;

/**
 * The sentences of `text`, in order and trimmed; their text put together is all of it. Knows
 * "i.e.", "et al.", "Fig. 3", initials, decimals and addresses; made for English abstracts.
 */
export function* sentences(text: string): Generator<string> {
  const closed = bracketEnds(text);
  let start = 0;
  for (const match of text.matchAll(stop)) {
    const end = match.index + match[0].length;
    if (end >= text.length || (closed[match.index] ?? 0) >= end) continue;
    if (!endsSentence(text, match.index, match[0], end)) continue;
    yield text.slice(start, end).trim();
    start = end;
  }
  const last = text.slice(start).trim();
  if (last) yield last;
}

/** For each place between brackets or quotes, where the outermost of them closes. */
function bracketEnds(text: string): readonly number[] {
  const ends: number[] = [];
  const open: Record<string, number[]> = { '(': [], '[': [], '“': [] };
  const opening: Record<string, string> = { ')': '(', ']': '[', '”': '“' };
  for (const { 0: character, index } of text.matchAll(/[()[\]“”]/g)) {
    open[character]?.push(index);
    const from = open[opening[character] ?? '']?.pop();
    if (from === undefined || index - from > longestAside) continue;
    ends.length = Math.max(ends.length, index + 1);
    ends.fill(index, from + 1, index + 1);
  }
  return ends;
}

function endsSentence(text: string, at: number, mark: string, end: number): boolean {
  if (laterItem.test(text.slice(end, end + 4))) return false;
  if (!/^[.…]/.test(mark)) return /^[。！？]/.test(mark) || !startsLow(text, end);
  const next = text.slice(end, end + 24).replace(/^["'“‘«([]+/, '');
  const word = wordBefore(text, at);
  if (mark.startsWith('..') || mark.startsWith('…')) return !startsLow(text, end);
  if (never.test(word) || itemNumber.test(text.slice(Math.max(0, at - 12), at))) return false;
  if (beforeNumber.test(word) && /^\(?\d/.test(next)) return false;
  if (maybe.test(word)) return firstWord.test(next);
  return !startsLow(text, end);
}

/** Whether what follows begins in lower case; "vLLM" and "k-means" may begin a sentence. */
function startsLow(text: string, at: number): boolean {
  const next = text.slice(at, at + 24).replace(/^["'“‘«([]+/, '');
  return /^\p{Ll}/u.test(next) && !/^\p{Ll}+(?:\p{Lu}|\d|-\p{L}*means)/u.test(next);
}

/** The word that ends at `at`, without what opens before it: `(e.g` gives `e.g`. */
function wordBefore(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 40), at);
  return before.slice(before.search(/\S*$/)).replace(/^["'“‘«([~]+/, '');
}
