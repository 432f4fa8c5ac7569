import { accents, subscripts, superscripts, switches, symbols, wrappers } from './tex-tables.ts';

/** A rewriting of everything but URLs. Steps run in the order they stand. */
type Step = {
  readonly pattern: RegExp;
  readonly replace: (found: string, ...groups: (string | undefined)[]) => string;
};

/** A URL, with the TeX that gets into one. A tie or a quote ends it; `/~name` is part of it. */
const url = String.raw`https?://(?:[^\s{}'${'`'}~\\]|\\[_%&#~]|(?<=/)~(?=\w))+`;

/** What stands between two dollar signs: `n`, `x^2`, `α`; not `5 to `. */
const looksLikeMath = /[\\^_=<>{}]|^[a-zA-Z\p{Script=Greek}]$|[×≈≤≥±→∈]/u;

const steps: readonly Step[] = [
  step(/\\\\(?=[A-Za-z])/u, () => '\\'),
  step(/\\\\|\\(?=\s)|\\[,;:!>/]/u, () => ' '),
  step(/(?<=\p{L})\\'(?=(?:s|t|re|ve|ll|d|m)(?!\p{L}))/u, () => "'"),
  step(/\\(['`^"~=.])\s?(?:\{\s*\\?([A-Za-z])\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))/u, accented),
  step(/\\([uvHcdbkr])(?:\{\s*\\?([A-Za-z])\s*\}|\s+([A-Za-z])(?!\p{L}))/u, accented),
  // A source that lost the braces of {\color{name}D}ecoupled left \color{nameD}ecoupled.
  step(/\\(?:text)?color\{[a-z]*([A-Z]*)\}/u, (_, letters) => letters ?? ''),
  step(/\{\\(?:it|bf|em|sc|tt|rm|sl|sf)\s+([^{}]*)\}/u, (_, inner) => inner ?? ''),
  ...Array<Step>(3).fill(
    step(command(wrappers, String.raw`\s*\{([^{}]*)\}`), (_, inner) => inner ?? ''),
  ),
  step(command(switches, String.raw`(?![A-Za-z])\s*`), () => ''),
  step(/\^\{?\\?circ(?![A-Za-z])\}?/u, () => '°'),
  step(/\\([A-Za-z]+)(\{\})?/u, (found, name = '') => symbols.get(name) ?? found),
  step(/\$([^$\n]{1,200})\$/u, (found, math = '') => (looksLikeMath.test(math) ? math : found)),
  step(
    /\^\{([^{}]*)\}|\^([-+]?\d+|[ni](?![\p{L}\p{N}]))/u,
    (found, group, bare) => script(superscripts, group ?? bare) ?? found,
  ),
  step(/_\{([^{}]*)\}/u, (found, group) => script(subscripts, group) ?? found),
  step(/\\([%&#_$])/u, (_, character) => character ?? ''),
  step(/``([^"`]{0,400}?)(?:''|")/u, (_, quoted) => `“${quoted}”`),
  step(/``/u, () => '“'),
  step(/(?<=\p{L})''(?=\()/u, () => '″'),
  step(/''/u, () => '”'),
  step(
    /(?<![\p{L}\p{N}`])`(?![\s`])([^`'\n]{1,120})'(?![\p{L}\p{N}])/u,
    (_, quoted) => `‘${quoted}’`,
  ),
  step(/(?<=\p{L})`(?=\p{L})/u, () => '’'),
  step(/(?<!-)---(?!-)/u, () => '—'),
  // Before a letter it may be an option of a command: --verbose.
  step(/(?<=[^\s-])--(?!-)|(?<=\s|^)--(?=\s|\d|$)/u, () => '–'),
  step(/(?<=\d%?)~(?=\d)/u, () => '–'),
  step(/(?<=[\p{L}\p{N})\]}%.,;:!?”’"'])~+(?=\s|$)|(?<=\s)~(?=\p{L})/u, () => ''),
  step(/(?<=[\p{L}\p{N})\]}%.,;:!?”’"'])~+/u, () => ' '),
  // Sources that lose backslashes write 256times256, 36times 64, 4096 times 2048 and 4times.
  step(/(?<=\d) ?times ?(?=\d)/u, () => '×'),
  step(/(?<=\d)times(?!\p{L})/u, () => '×'),
];

/**
 * Reads the TeX in a title or an abstract: quotes, ties, dashes, escapes, accents, symbols and
 * simple scripts become Unicode. What is not understood, and ordinary text (`~5%`, `{{x}}`,
 * `snake_case`, `$5`, URLs), stays as it is.
 */
export function texToUnicode(text: string): string {
  if (!/[\\`'~^$_]|--|times/.test(text)) return text;
  return steps
    .reduce((read, { pattern, replace }) => read.replace(pattern, replace), text)
    .replace(escapedInUrl, found => found.replace(/\\([_%&#~])/g, '$1'));
}

const escapedInUrl = new RegExp(url, 'g');

function step(pattern: RegExp, replace: Step['replace']): Step {
  const outsideUrls = new RegExp(`${url}|${pattern.source}`, 'gu');
  const isUrl = new RegExp(`^${url}$`);
  return {
    pattern: outsideUrls,
    replace: (found, ...groups) => (isUrl.test(found) ? found : replace(found, ...groups)),
  };
}

function command(names: readonly string[], rest: string): RegExp {
  return new RegExp(String.raw`\\(?:${names.join('|')})${rest}`);
}

/** `\"u` → `ü`. What has no such letter was no accent: `\"Test` → `"Test`. */
function accented(_: string, accent = '', ...letters: (string | undefined)[]): string {
  const letter = letters.slice(0, 3).find(one => one?.length === 1 && /[A-Za-z]/.test(one)) ?? '';
  const composed = `${letter}${accents.get(accent) ?? ''}`.normalize('NFC');
  return composed.length === 1 ? composed : `${accent}${letter}`;
}

/** All of `text` raised or lowered, or null where Unicode cannot. */
function script(table: ReadonlyMap<string, string>, text = ''): string | null {
  const characters = [...text].map(character => table.get(character));
  return characters.length > 0 && characters.every(one => one !== undefined)
    ? characters.join('')
    : null;
}
