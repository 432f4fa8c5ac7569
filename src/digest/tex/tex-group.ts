import {
  greek,
  keyed,
  mathAccents,
  subscripts,
  superscripts,
  switches,
  wrappers,
} from './tex-tables.ts';

const silent = new Set([...wrappers, ...switches, ...keyed, 'footnote', 'sqrt']);

/** Raised and lowered words of more letters are hard to read, and screen readers skip them. */
const longestRaised = /^(?!.*\p{L}{4})/u;

/** Text that has braces of its own: a set, or what a program reads. */
const ownBraces = /^(?=.{3,80}$)(?!.*\.\s|\([^()]*\)$)(?:[^,]+(?:,[^,]+)+|.*["|].*)$/su;

/** What is below the line where a source lost the command of \frac{1}{n}: 1{n}. */
const denominator = new RegExp(`^(?:[a-z]|\\d+|${[...greek.keys()].join('|')})(?:\\^.+)?$`);

/** `\name{content}`. */
export function argument(name: string, content: string): string {
  const accent = mathAccents.get(name);
  if (keyed.has(name)) return '';
  if (name === 'footnote') return ` (${content})`;
  if (name === 'sqrt') return content.length > 1 ? `√(${content})` : `√${content}`;
  if (accent) return content.length === 1 ? `${content}${accent}`.normalize('NFC') : content;
  // A macro of the paper's own, without an argument: \ours{}.
  return content === '' && !silent.has(name) ? `\\${name}` : content.replace(/^\{(.*)\}$/s, '$1');
}

/** `\name` without braces: a macro of the paper's own is read out; paths (`C:\temp`) are text. */
export function alone(name: string, before: string): string {
  if (silent.has(name)) return '';
  if (before === ':' || isGreek(before)) return `\\${name}`;
  return /[\p{L}\p{N}]/u.test(before) ? ` ${name}` : name;
}

/** `^{content}` and `_{content}`. */
export function script(mark: '^' | '_', content: string): string {
  const table = mark === '^' ? superscripts : subscripts;
  const read = content.replace(/ ?(?:×|(?<!\p{L}{2})times) ?/gu, '×');
  const characters = [...read].map(character => table.get(character));
  if (read !== '' && longestRaised.test(read) && characters.every(one => one !== undefined))
    return characters.join('');
  return read.length < 2 || /^\(.*\)$/s.test(read) ? `${mark}${read}` : `${mark}(${read})`;
}

/** `\href{url}{content}` of which only `url{content}` is left. */
export function link(url: string, content: string): string {
  return content === '' ? url : `${url} (${content})`;
}

/** `{content}` after `before` (the end of it will do) and before the character `next`. */
export function grouped(content: string, before: string, next: string): string {
  const operator = /^[-+=<>≤≥≈×,·]$/.test(content);
  const letter = /^\p{L}?$/u.test(content);
  // A Greek letter takes no argument: what follows it in braces is somebody's text.
  if (isGreek(before.slice(-1)) && !letter && !(operator && /\d/.test(next))) return `{${content}}`;
  if (/(?<![\p{L}\p{N}])(?:[A-Za-z]|\d+)$/u.test(before) && denominator.test(content))
    return `/${content}`;
  if (content === 'times') return '×';
  return ownBraces.test(content) ? `{${content}}` : content;
}

export function isGreek(character: string): boolean {
  return /\p{Script=Greek}/u.test(character);
}
