import { accents, subscripts, superscripts, switches, symbols, wrappers } from './tex-tables.ts';

/** A rewriting of everything but URLs. */
type Step = {
  readonly pattern: RegExp;
  readonly replace: (found: string, ...groups: (string | undefined)[]) => string;
};

/** A URL, with the TeX that gets into one. A tie or a quote ends it; `/~name` is part of it. */
const url = String.raw`https?://(?:[^\s{}'${'`'}~\\]|\\[_%&#~]|(?<=/)~(?=\w))+`;
const onlyUrl = new RegExp(`^${url}$`);
const anyUrl = new RegExp(url, 'g');

/** What stands between two dollar signs: `n`, `x^2`, `α`; not `5 to `. */
const looksLikeMath = /[\\^_=<>{}]|^[a-zA-Z\p{Script=Greek}]$|[×≈≤≥±→∈]/u;

const degrees = [step(/\^\{?\\?circ(?![A-Za-z])\}?/u, () => '°')];

const commands = [
  step(/\\\\(?=[A-Za-z])/u, () => '\\'),
  step(/\\\\|\\(?=\s)|\\[,;:!>/]/u, () => ' '),
  step(/(?<=\p{L})\\'(?=(?:s|t|re|ve|ll|d|m)(?!\p{L}))/u, () => "'"),
  step(/\\(['`^"~=.])\s?(?:\{\s*\\?([A-Za-z])\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))/u, accented),
  step(/\\([uvHcdbkr])(?:\{\s*\\?([A-Za-z])\s*\}|\s+([A-Za-z])(?!\p{L}))/u, accented),
  // A source that lost the braces of {\color{name}D}ecoupled left \color{nameD}ecoupled.
  step(/\\(?:text)?color\{[a-z]*([A-Z]*)\}/u, (_, letters = '') => letters),
  step(/\{\\(?:it|bf|em|sc|tt|rm|sl|sf)\s+([^{}]*)\}/u, (_, inner = '') => inner),
  // Commands within commands: three deep is as deep as anybody goes.
  ...Array<Step>(3).fill(
    step(command(wrappers, String.raw`\s*\{([^{}]*)\}`), (_, inner = '') => inner),
  ),
  step(command(switches, String.raw`(?![A-Za-z])\s*`), () => ''),
  step(/\\([A-Za-z]+)(\{\})?/u, (found, name = '') => symbols.get(name) ?? found),
];

const math = [
  step(/\$([^$\n]{1,200})\$/u, (found, inner = '') => (looksLikeMath.test(inner) ? inner : found)),
];

const raised = [
  step(
    /\^\{([^{}]*)\}|\^([-+]?\d+|[ni](?![\p{L}\p{N}]))/u,
    (found, group, bare) => script(superscripts, group ?? bare) ?? found,
  ),
];

const lowered = [step(/_\{([^{}]*)\}/u, (found, group) => script(subscripts, group) ?? found)];

const escapes = [step(/\\([%&#_$])/u, (_, character = '') => character)];

const openQuotes = [
  step(/``([^"`]{0,400}?)(?:''|")/u, (_, quoted) => `“${quoted}”`),
  step(/``/u, () => '“'),
  step(
    /(?<![\p{L}\p{N}`])`(?![\s`])([^`'\n]{1,120})'(?![\p{L}\p{N}])/u,
    (_, quoted) => `‘${quoted}’`,
  ),
  step(/(?<=\p{L})`(?=\p{L})/u, () => '’'),
];

const closingQuotes = [step(/(?<=\p{L})''(?=\()/u, () => '″'), step(/''/u, () => '”')];

const dashes = [
  step(/(?<!-)---(?!-)/u, () => '—'),
  // Before a letter it may be an option of a command: --verbose.
  step(/(?<=[^\s-])--(?!-)|(?<=\s|^)--(?=\s|\d|$)/u, () => '–'),
];

const ties = [
  step(/(?<=\d%?)~(?=\d)/u, () => '–'),
  step(/(?<=[\p{L}\p{N})\]}%.,;:!?”’"'])~+(?=\s|$)|(?<=\s)~(?=\p{L})/u, () => ''),
  step(/(?<=[\p{L}\p{N})\]}%.,;:!?”’"'])~+/u, () => ' '),
];

/** Sources that lose backslashes write 256times256, 36times 64, 4096 times 2048 and 4times. */
const bareTimes = [
  step(/(?<=\d) ?times ?(?=\d)/u, () => '×'),
  step(/(?<=\d)times(?!\p{L})/u, () => '×'),
];

/** In this order; each is tried only where the text has in it what the steps look for. */
const readings: readonly { readonly needs: string; readonly steps: readonly Step[] }[] = [
  { needs: '^', steps: degrees },
  { needs: '\\', steps: commands },
  { needs: '$', steps: math },
  { needs: '^', steps: raised },
  { needs: '_{', steps: lowered },
  { needs: '\\', steps: escapes },
  { needs: '`', steps: openQuotes },
  { needs: "''", steps: closingQuotes },
  { needs: '--', steps: dashes },
  { needs: '~', steps: ties },
  { needs: 'times', steps: bareTimes },
];

/**
 * Reads the TeX in a title or an abstract: quotes, ties, dashes, escapes, accents, symbols and
 * simple scripts become Unicode. What is not understood, and ordinary text (`~5%`, `{{x}}`,
 * `snake_case`, `$5`, URLs), stays as it is.
 */
export function texToUnicode(text: string): string {
  let read = text;
  for (const { needs, steps } of readings) {
    if (!read.includes(needs)) continue;
    for (const { pattern, replace } of steps) read = read.replace(pattern, replace);
  }
  if (!read.includes('\\')) return read;
  return read.replace(anyUrl, found => found.replace(/\\([_%&#~])/g, '$1'));
}

function step(pattern: RegExp, replace: Step['replace']): Step {
  return {
    pattern: new RegExp(`${url}|${pattern.source}`, 'gu'),
    replace: (found, ...groups) => (onlyUrl.test(found) ? found : replace(found, ...groups)),
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
