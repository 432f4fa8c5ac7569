import { characters } from './tex-characters.ts';
import { script } from './tex-group.ts';
import { readGroups } from './tex-groups.ts';
import { lostTimes } from './tex-lost.ts';
import { closingQuotes, comments, dashes, openQuotes, ties } from './tex-punctuation.ts';
import { type Step, step, take, url } from './tex-step.ts';

const anyUrl = new RegExp(url, 'g');

/** What stands between two dollar signs: `n`, `x^2`, `α`, `Trans-LoRA`; not `5 to `. */
const looksLikeMath = /[\\^_=<>{}]|^[A-Za-z][\w-]*$|^\p{Script=Greek}$|[×≈≤≥±→∈]/u;

const math = [
  step(/(?<!\\)\$([^$\n]{1,200})(?<!\\)\$/u, (found, inner = '') =>
    looksLikeMath.test(inner) ? inner : found,
  ),
];

const degrees = [step(/\^\{?\\?circ(?=times|[^A-Za-z]|$)\}?/u, () => '°')];

// A source that lost the braces of {\color{name}D}ecoupled left \color{nameD}ecoupled.
const colours = [step(/\\(?:text)?color\{[a-z]*([A-Z]*)\}/u, (_, letters = '') => letters)];

const powers = [step(/\^([-+]?\d+|[ni](?![\p{L}\p{N}]))/u, (_, power = '') => script('^', power))];

const escapes = [step(/\\(?:([%&#_$])|~(?=\d))/u, (_, character = '~') => character)];

/** In this order; each is tried only where the text has in it what it looks for. */
const readings: readonly { readonly needs: RegExp; readonly read: (text: string) => string }[] = [
  { needs: /\$/, read: stepwise(math) },
  { needs: /\^/, read: stepwise(degrees) },
  { needs: /\\/, read: stepwise([...colours, ...characters]) },
  { needs: /[\\{}]/, read: readGroups },
  { needs: /\^/, read: stepwise(powers) },
  { needs: /\\/, read: stepwise(escapes) },
  { needs: /% /, read: stepwise(comments) },
  { needs: /`/, read: stepwise(openQuotes) },
  { needs: /''/, read: stepwise(closingQuotes) },
  { needs: /--/, read: stepwise(dashes) },
  { needs: /~/, read: stepwise(ties) },
  { needs: /times/, read: stepwise(lostTimes) },
];

/**
 * Reads the TeX in a title or an abstract: quotes, ties, dashes, escapes, accents, commands,
 * symbols and scripts become Unicode, also where a source has lost dollars, backslashes or braces.
 * Ordinary text (`~5%`, `{{x}}`, `{a, b}`, `snake_case`, `$5`, URLs) stays as it is. Takes time in
 * proportion to the text, whatever that is.
 */
export function texToUnicode(text: string): string {
  const read = readings.reduce(
    (read, { needs, read: next }) => (needs.test(read) ? next(read) : read),
    text,
  );
  if (!read.includes('\\')) return read;
  return read.replace(anyUrl, found => found.replace(/\\([_%&#~])/g, '$1'));
}

function stepwise(steps: readonly Step[]): (text: string) => string {
  return text => take(steps, text);
}
