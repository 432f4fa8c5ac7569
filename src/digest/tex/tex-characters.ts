import { type Step, step } from './tex-step.ts';
import { accents, greek, letters, shorthands, symbols } from './tex-tables.ts';

/**
 * A command, with what ends its name. TeX swallows a space there; but a source that drops `$`
 * leaves `\alpha is`, and that space is the sentence's.
 */
const named =
  /\\([A-Za-z]+)(\{\}| (?!(?:is|are|was|be|can|and|or|in|of|on|at|by|as|to|for|from|with|than|that|which|we)(?![A-Za-z])))?/u;

/** Accents, letters, symbols and spaces as arXiv's own listings read them. */
export const characters = characterSteps(new Map([...letters, ...greek]));

/** The same with another alphabet: `letters` alone leaves Greek as it is. */
export function characterSteps(alphabet: ReadonlyMap<string, string>): readonly Step[] {
  return [
    // A source that escapes its backslashes.
    step(/\\\\(?=[A-Za-z])/u, () => '\\'),
    step(/(?<=\p{L})\\'(?=(?:s|t|re|ve|ll|d|m)(?!\p{L}))/u, () => "'"),
    step(/\\([`'^"~=.])\s?(?:\{\s*\\?([A-Za-z])\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))/u, accented),
    step(/\\([uvHcdbkr])(?:\{\s*\\?([A-Za-z])\s*\}|\s+([A-Za-z])(?!\p{L}))/u, accented),
    step(
      /\\(eg|ie|etc|etal|wrt|vs|cf)(?![A-Za-z])\.?/u,
      (_, name = '') => shorthands.get(name) ?? '',
    ),
    step(named, (found, name = '', rest = '') => {
      const symbol = symbols.get(name);
      return alphabet.get(name) ?? (symbol ? symbol + rest.replace('{}', '') : found);
    }),
    step(/\\[!()[\]]/u, () => ''),
    step(/\\\\|\\(?:\s|$)|\\[,;:>/]/u, () => ' '),
  ];
}

/** `\"u` → `ü`. What has no such letter was no accent: `\"Test` → `"Test`. */
function accented(_: string, accent = '', ...found: (string | undefined)[]): string {
  const letter = found.slice(0, 3).find(one => one?.length === 1 && /[A-Za-z]/.test(one)) ?? '';
  const composed = `${letter}${accents.get(accent) ?? ''}`.normalize('NFC');
  return composed.length === 1 ? composed : `${accent}${letter}`;
}
