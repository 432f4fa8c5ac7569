/** Runs of white space (line ends, tabs, U+2028 and all) but for the single spaces that may stay. */
const whiteSpace = / [\s\u0085]+|(?:[^\S ]|\u0085)[\s\u0085]*/gu;

/**
 * What no reader is meant to see: controls, private use, lone surrogates, noncharacters, and format
 * characters (zero width, bidi overrides, tags) with which text can pretend to be other text.
 */
const unseen = /[\p{Cc}\p{Co}\p{Cs}\p{Cf}\uFFFE\uFFFF]/gu;

/** ZWNJ and ZWJ spell words in some scripts and join emoji; next to ASCII they only deceive. */
const joinerThatSpells = /(?<=[^\p{ASCII}\p{C}])[\u200C\u200D](?=[^\p{ASCII}\p{C}])/gu;

/**
 * Untrusted text made fit to be shown on one line: NFC, white space collapsed to single spaces,
 * trimmed, without controls, zero-width and bidi characters, private use and lone surrogates.
 */
export function cleanText(text: string): string {
  // JavaScript counts the byte order mark as white space; it is nothing.
  const spaced = text.replaceAll('\uFEFF', '').replace(whiteSpace, ' ');
  return dropUnseen(spaced).normalize('NFC').replace(whiteSpace, ' ').trim();
}

function dropUnseen(text: string): string {
  if (!/[\u200C\u200D]/.test(text)) return text.replace(unseen, '');
  const kept = new Set<number>();
  for (const match of text.matchAll(joinerThatSpells)) kept.add(match.index);
  return text.replace(unseen, (found, at: number) => (kept.has(at) ? found : ''));
}

/** At most `length` characters of `text` on one line, for naming it in a message. */
export function excerpt(text: string, length = 60): string {
  const clean = cleanText(text.slice(0, length * 4));
  const points = [...clean];
  return points.length > length
    ? `${points
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
    : clean;
}

/**
 * `text` as one line that is safe in a header or a title: control characters and line ends become
 * spaces, marks that turn the writing direction are dropped, white space is collapsed.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * `text` in at most `max` characters (UTF-16 units, as `length` counts): cut at a word where one
 * ends in the last third, else between graphemes, with "…" where something was left out.
 */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const room = max - 1;
  const space = text.lastIndexOf(' ', room);
  const end = space > room * (2 / 3) ? space : graphemeStart(text, room);
  return `${text.slice(0, end).replace(/[\s,;:.([–—-]+$/u, '')}…`;
}

/** The last place at or before `index` where a grapheme starts. */
function graphemeStart(text: string, index: number): number {
  // A slice is enough to see where a grapheme ends, and keeps a long text cheap.
  const from = Math.max(0, index - 64);
  const start = graphemes.segment(text.slice(from, index + 64)).containing(index - from);
  const found = from + (start?.index ?? index - from);
  if (found > from) return found;
  return isLowSurrogate(text.charCodeAt(index)) ? index - 1 : index;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
