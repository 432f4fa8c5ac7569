import { anyUrl, onlyUrl, readGroups, script, url } from './groups.ts';
import { accents, greek, letters, shorthands, symbols } from './tables.ts';

type Replace = string | ((found: string, ...groups: (string | undefined)[]) => string);

/** A reading of everything but URLs, by one rule after the other. */
function rules(...all: readonly (readonly [RegExp, Replace])[]): (text: string) => string {
  const steps = all.map(([pattern, replace]) => ({
    pattern: new RegExp(`${url}|${pattern.source}`, 'gu'),
    read: (found: string, ...groups: (string | undefined)[]) => {
      if (onlyUrl.test(found)) return found;
      return typeof replace === 'string' ? replace : replace(found, ...groups);
    },
  }));
  return text => steps.reduce((read, step) => read.replace(step.pattern, step.read), text);
}

/** What stands between two dollar signs: `n`, `x^2`, `α`, `Trans-LoRA`; not `5 to `. */
const looksLikeMath = /[\\^_=<>{}]|^[A-Za-z][\w-]*$|^\p{Script=Greek}$|[×≈≤≥±→∈]/u;

/**
 * A command, with what ends its name. TeX swallows a space there; but a source that drops `$`
 * leaves `\alpha is`, and that space is the sentence's.
 */
const command =
  /\\([A-Za-z]+)(\{\}| (?!(?:is|are|was|be|can|and|or|in|of|on|at|by|as|to|for|from|with|than|that|which|we)(?![A-Za-z])))?/u;

/** Accents, letters, symbols and spaces as arXiv's own listings read them. */
const characters = rules(
  // A source that lost the braces of {\color{name}D}ecoupled left \color{nameD}ecoupled.
  [/\\(?:text)?color\{[a-z]*([A-Z]*)\}/u, (_, kept = '') => kept],
  // A source that escapes its backslashes.
  [/\\\\(?=[A-Za-z])/u, '\\'],
  [/(?<=\p{L})\\'(?=(?:s|t|re|ve|ll|d|m)(?!\p{L}))/u, "'"],
  [/\\([`'^"~=.])\s?(?:\{\s*\\?([A-Za-z])\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))/u, accented],
  [/\\([uvHcdbkr])(?:\{\s*\\?([A-Za-z])\s*\}|\s+([A-Za-z])(?!\p{L}))/u, accented],
  [/\\(eg|ie|etc|etal|wrt|vs|cf)(?![A-Za-z])\.?/u, (_, name = '') => shorthands.get(name) ?? ''],
  [
    command,
    (found, name = '', rest = '') => {
      const symbol = symbols.get(name);
      const letter = letters.get(name) ?? greek.get(name);
      return letter ?? (symbol ? symbol + rest.replace('{}', '') : found);
    },
  ],
  [/\\[!()[\]]/u, ''],
  [/\\\\|\\(?:\s|$)|\\[,;:>/]/u, ' '],
);

/** `\"u` → `ü`. What has no such letter was no accent: `\"Test` → `"Test`. */
function accented(_: string, accent = '', ...found: (string | undefined)[]): string {
  const letter = found.slice(0, 3).find(one => one?.length === 1 && /[A-Za-z]/.test(one)) ?? '';
  const composed = `${letter}${accents.get(accent) ?? ''}`.normalize('NFC');
  return composed.length === 1 ? composed : `${accent}${letter}`;
}

const openQuotes = rules(
  [/``([^"`]{0,400}?)(?:''|")/u, (_, quoted) => `“${quoted}”`],
  [/``/u, '“'],
  [/(?<![\p{L}\p{N}`])`(?![\s`])([^`'\n]{1,120})'(?![\p{L}\p{N}])/u, (_, quoted) => `‘${quoted}’`],
  [/(?<=\p{L})`(?=\p{L})/u, '’'],
);

const dashes = rules(
  [/(?<!-)---(?!-)/u, '—'],
  // Before a letter it may be an option of a command: --verbose.
  [/(?<=[^\s-])--(?!-)|(?<=\s|^)--(?=\s|\d|$)/u, '–'],
);

const ties = rules(
  [/(?<=\d%?)~(?=\d)/u, '–'],
  [/(?<=[\p{L}\p{N})\]}%.,;:!?”’"'])~+(?=\s|$)|(?<=\s)~(?=\p{L})/u, ''],
  [/(?<=[\p{L}\p{N})\]}%.,;:!?”’"'])~+/u, ' '],
);

/** Sources that lose backslashes write 256times256, 36times 64, 4096 times 2048 and 4times. */
const lostTimes = rules(
  [/(?<=\d) ?times ?(?=\d)/u, '×'],
  [/(?<=[\d²³ⁿ])times(?!\p{Ll})/u, '×'],
  [/(?<=[A-Z)])times(?=[A-Z\d(])|(?<![\p{L}\p{N}])times(?=\d)/u, '×'],
  // Two variables: m times n, but neither "N times more" nor "at a time".
  [/(?<=(?<![\p{L}\p{N}'’])[b-zB-HJ-Z]) times (?=[b-zB-HJ-Z](?![\p{L}\p{N}'’]))/u, ' × '],
);

/** In this order; each is tried only where the text has in it what it looks for. */
const readings: readonly (readonly [needs: RegExp, read: (text: string) => string])[] = [
  [
    /\$/,
    rules([
      /(?<!\\)\$([^$\n]{1,200})(?<!\\)\$/u,
      (found, inner = '') => (looksLikeMath.test(inner) ? inner : found),
    ]),
  ],
  [/\^/, rules([/\^\{?\\?circ(?=times|[^A-Za-z]|$)\}?/u, '°'])],
  [/\\/, characters],
  [/[\\{}]/, readGroups],
  [/\^/, rules([/\^([-+]?\d+|[ni](?![\p{L}\p{N}]))/u, (_, power = '') => script('^', power)])],
  [/\\/, rules([/\\(?:([%&#_$])|~(?=\d))/u, (_, character = '~') => character])],
  // What is left of comments whose line breaks were lost: `It works. % We show how.`
  [/% /, rules([/(?<=^|[.!?] )%+ (?=\p{Lu})/u, ''])],
  [/`/, openQuotes],
  [/''/, rules([/(?<=\p{L})''(?=\()/u, '″'], [/''/u, '”'])],
  [/--/, dashes],
  [/~/, ties],
  [/times/, lostTimes],
];

/**
 * Reads the TeX in a title or an abstract: quotes, ties, dashes, escapes, accents, commands,
 * symbols and scripts become Unicode, also where a source has lost dollars, backslashes or braces.
 * Ordinary text (`~5%`, `{{x}}`, `{a, b}`, `snake_case`, `$5`, URLs) stays as it is. Takes time in
 * proportion to the text, whatever that is.
 */
export function texToUnicode(text: string): string {
  const read = readings.reduce(
    (read, [needs, next]) => (needs.test(read) ? next(read) : read),
    text,
  );
  if (!read.includes('\\')) return read;
  return read.replace(anyUrl, found => found.replace(/\\([_%&#~])/g, '$1'));
}
