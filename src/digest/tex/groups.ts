import {
  colours,
  greek,
  keyed,
  mathAccents,
  pairs,
  subscripts,
  superscripts,
  switches,
  wrappers,
} from './tables.ts';

/** A URL, with the TeX that gets into one. A tie or a quote ends it; `/~name` is part of it. */
export const url = String.raw`https?://(?:[^\s{}'${'`'}~\\]|\\[_%&#~]|(?<=/)~(?=\w))+`;
export const anyUrl = new RegExp(url, 'g');
export const onlyUrl = new RegExp(`^${url}$`);

/** Nobody nests deeper. Braces further in are text, so that a text full of them costs no more. */
const deepest = 16;

const tokens = new RegExp(
  String.raw`${url}|\\[A-Za-z]+|\\[{}]|[{}^_]|(?:(?!https?://)[^\\{}^_])+|.`,
  'gsu',
);

const command = /^\\([A-Za-z]+)$/;

/** A source that loses backslashes leaves textit{x}, mathcal{O} and teal{x}. */
const lostCommand = new RegExp(
  `(?:(?<![A-Za-z])(?:${[...wrappers, ...colours].join('|')})|(?:text|math)(?:it|bf|sc|tt|rm|sf|cal|bb))$`,
);
const longestName = 24;

/** Text, a mark, a command, or a command that has the first of its two arguments. */
type Piece = string | { readonly command: string; readonly first: string };

/**
 * Reads commands and braces, in one pass: `\emph{x}`, `x^{2}`, `{\it x}`, and what is left of such
 * where a source lost backslashes. Sets (`{a, b}`) and `{{x}}`, which are text, keep their braces.
 */
export function readGroups(text: string): string {
  const open: Piece[][] = [[]];
  let tooDeep = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const pieces = open.at(-1) ?? [];
    if (token === '{' && open.length <= deepest) open.push([]);
    else if (token === '}' && tooDeep === 0) {
      if (open.length > 1) close(open, text[index + 1] ?? '');
      else if (onlyUrl.test(shown(pieces.at(-1)))) pieces.push(' ');
    } else {
      if (token === '{') tooDeep += 1;
      if (token === '}') tooDeep -= 1;
      pieces.push(token);
    }
  }
  return written(open.flatMap((pieces, depth) => [unclosed(open[depth - 1]), ...pieces]));
}

/** Takes the innermost group for what it is to the piece before it. */
function close(open: Piece[][], next: string): void {
  const inner = open.pop() ?? [];
  const pieces = open.at(-1) ?? [];
  const content = written(inner);
  const doubled =
    (next === '}' && pieces.length === 0 && open.length > 1) ||
    (inner.length === 1 && /^\{.*\}$/s.test(content));
  const before = pieces.at(-1) ?? '';
  if (typeof before !== 'string') {
    pieces.splice(-1, 1, pairs.get(before.command)?.(before.first, content) ?? content);
    return;
  }
  const name = command.exec(before)?.[1];
  const lost = lostCommand.exec(before.slice(-longestName))?.[0];
  if (name && pairs.has(name)) pieces.splice(-1, 1, { command: name, first: content });
  else if (name) pieces.splice(-1, 1, argument(name, content));
  else if (before === '^' || before === '_') pieces.splice(-1, 1, script(before, content));
  else if (onlyUrl.test(before)) pieces.splice(-1, 1, link(before, content));
  else if (lost) pieces.splice(-1, 1, before.slice(0, -lost.length), content);
  else pieces.push(doubled ? `{${content}}` : grouped(content, before.slice(-3), next));
}

/** What is left of a brace that nobody closed. */
function unclosed(outside: readonly Piece[] | undefined): string {
  return isGreek(shown(outside?.at(-1)).slice(-1)) ? '{' : '';
}

function written(pieces: readonly Piece[]): string {
  let text = '';
  let before = '';
  for (const piece of pieces) {
    const name = command.exec(shown(piece))?.[1];
    const part = name ? alone(name, before) : shown(piece);
    const next = before === '' ? part.trimStart() : part;
    text += next;
    // What follows a command that was a path is one as well.
    before = name && next.startsWith('\\') ? ':' : (next.at(-1) ?? before);
  }
  return text;
}

function shown(piece: Piece | undefined): string {
  if (piece === undefined) return '';
  return typeof piece === 'string' ? piece.replace(/^\\(?=[{}]$)/, '') : piece.first;
}

const silent = new Set([...wrappers, ...switches, ...keyed, 'footnote', 'sqrt']);

/** `\href{url}{content}` of which only `url{content}` is left. */
function link(url: string, content: string): string {
  return content === '' ? url : `${url} (${content})`;
}

/** `\name{content}`. */
function argument(name: string, content: string): string {
  const accent = mathAccents.get(name);
  if (keyed.has(name)) return '';
  if (name === 'footnote') return ` (${content})`;
  if (name === 'sqrt') return content.length > 1 ? `√(${content})` : `√${content}`;
  if (accent) return content.length === 1 ? `${content}${accent}`.normalize('NFC') : content;
  // A macro of the paper's own, without an argument: \ours{}.
  return content === '' && !silent.has(name) ? `\\${name}` : content.replace(/^\{(.*)\}$/s, '$1');
}

/** `\name` without braces: a macro of the paper's own is read out; paths (`C:\temp`) are text. */
function alone(name: string, before: string): string {
  if (silent.has(name)) return '';
  if (before === ':' || isGreek(before)) return `\\${name}`;
  return /[\p{L}\p{N}]/u.test(before) ? ` ${name}` : name;
}

/** Raised and lowered words of more letters are hard to read, and screen readers skip them. */
const longestRaised = /^(?!.*\p{L}{4})/u;

/** `^{content}` and `_{content}`. */
export function script(mark: '^' | '_', content: string): string {
  const table = mark === '^' ? superscripts : subscripts;
  const read = content.replace(/ ?(?:×|(?<!\p{L}{2})times) ?/gu, '×');
  const characters = [...read].map(character => table.get(character));
  if (read !== '' && longestRaised.test(read) && characters.every(one => one !== undefined))
    return characters.join('');
  return read.length < 2 || /^\(.*\)$/s.test(read) ? `${mark}${read}` : `${mark}(${read})`;
}

/** Text that has braces of its own: a set, or what a program reads. */
const ownBraces = /^(?=.{3,80}$)(?!.*\.\s|\([^()]*\)$)(?:[^,]+(?:,[^,]+)+|.*["|].*)$/su;

/** What is below the line where a source lost the command of \frac{1}{n}: 1{n}. */
const denominator = new RegExp(`^(?:[a-z]|\\d+|${[...greek.keys()].join('|')})(?:\\^.+)?$`);

/** `{content}` after `before` (the end of it will do) and before the character `next`. */
function grouped(content: string, before: string, next: string): string {
  const operator = /^[-+=<>≤≥≈×,·]$/.test(content);
  const letter = /^\p{L}?$/u.test(content);
  // A Greek letter takes no argument: what follows it in braces is somebody's text.
  if (isGreek(before.slice(-1)) && !letter && !(operator && /\d/.test(next))) return `{${content}}`;
  if (/(?<![\p{L}\p{N}])(?:[A-Za-z]|\d+)$/u.test(before) && denominator.test(content))
    return `/${content}`;
  if (content === 'times') return '×';
  return ownBraces.test(content) ? `{${content}}` : content;
}

function isGreek(character: string): boolean {
  return /\p{Script=Greek}/u.test(character);
}
