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
