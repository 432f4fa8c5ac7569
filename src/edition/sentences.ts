/** Abbreviations that a sentence goes on after, whatever follows. */
const never =
  /^(?:i\.e|e\.g|cf|vs|viz|resp|approx|ca|w\.r\.t|s\.t|i\.i\.d|a\.k\.a|dr|prof|mr|mrs|st|dept)$/i;

/** Words that are abbreviations only before a number: "Fig. 3", "Sec. (2)", "No. 5". */
const beforeNumber =
  /^(?:figs?|eqs?|eqns?|secs?|sects?|tabs?|refs?|chaps?|ch|apps?|algs?|thms?|defs?|props?|lem|cor|vol|pp?|nos?|art|ed|v)$/i;

/** Abbreviations and initials that end a sentence only where a usual first word follows. */
const maybe = /^(?:al|etc|inc|ltd|co|corp|jr|sr|[a-z]|(?:[a-z]\.)+[a-z])$/i;

const firstWord =
  /^(?:We|Our|In|The|This|These|That|Those|It|Its|To|For|From|On|At|By|With|When|While|Where|As|A|An|And|But|If|Then|Here|There|They|Such|Since|Using|Both|All|Given|Thus|Hence|However|Moreover|Furthermore|Finally|First|Second|Third|Additionally|Specifically|Recently|Recent|Although|Despite|Instead|Unlike|Because|Through|Experiments|Extensive|Results|Code|Existing|Previous|Prior|Several|Many|Most|Some|One|Two)\b/;

/** Ends in the number of an item of a list: `It can: 1. plan; 2. act.` */
const itemNumber = /(?:^|[:;,]\s+|\band\s+)\(?\d{1,2}$/;

/** A whole run of stops, what closes after it, and the gap; CJK stops need no gap. */
const stop = /(?<![.!?…])[.!?…]+["'”’»)\]]*\s+|(?<![。！？])[。！？]+[」』”’）]*\s*/gu;

/**
 * The sentences of `text`, in order and trimmed; their text put together is all of it. Knows
 * "i.e.", "et al.", "Fig. 3", initials, decimals and addresses; made for English abstracts.
 */
export function* sentences(text: string): Generator<string> {
  let start = 0;
  for (const match of text.matchAll(stop)) {
    const end = match.index + match[0].length;
    if (end >= text.length || !endsSentence(text, match.index, match[0], end)) continue;
    yield text.slice(start, end).trim();
    start = end;
  }
  const last = text.slice(start).trim();
  if (last) yield last;
}

function endsSentence(text: string, at: number, mark: string, end: number): boolean {
  if (!/^[.…]/.test(mark)) return /^[。！？]/.test(mark) || !startsLow(text, end);
  const next = text.slice(end, end + 24).replace(/^["'“‘«([]+/, '');
  const word = wordBefore(text, at);
  if (mark.startsWith('..') || mark.startsWith('…')) return !startsLow(text, end);
  if (never.test(word) || itemNumber.test(text.slice(Math.max(0, at - 8), at))) return false;
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
