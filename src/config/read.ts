import { messageOf } from '../lib/errors.ts';
import { type SettingName, settingNames, settingOf } from './table.ts';

/** Where a setting's text came from. */
export type Origin = 'environment' | '.env' | 'file' | 'demo';

/** The texts that were given, by setting. */
export type Given = ReadonlyMap<SettingName, { readonly text: string; readonly from: Origin }>;

/** The texts that were found, and the problems in finding them; nothing is decided yet. */
export type RawSettings = { readonly given: Given; readonly problems: readonly string[] };

/**
 * Finds the settings' texts: the environment first, then `.env` (null where there is none), each
 * as `NAME` or, for secrets, as the file that `NAME_FILE` names. An empty text counts as not
 * given. Strange names are a problem in `.env` and are left alone in the environment, which is
 * not ours.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  dotenvText: string | null,
  readFile: (path: string) => string,
): RawSettings {
  const dotenv = parseDotenv(dotenvText ?? '');
  const problems = [...dotenv.problems, ...strangers([...dotenv.values.keys()])];
  const given = new Map<SettingName, { text: string; from: Origin }>();
  const sources: readonly { from: Origin; of(name: string): string | undefined }[] = [
    { from: 'environment', of: name => env[name] },
    { from: '.env', of: name => dotenv.values.get(name) },
  ];
  for (const name of settingNames) {
    const source = sources.find(({ of }) => namesOf(name).some(of));
    if (!source) continue;
    const [text = '', file] = namesOf(name).map(source.of);
    if (!file) {
      given.set(name, { text, from: source.from });
      continue;
    }
    try {
      const secret = readFile(file).replace(/[\r\n]+$/, '');
      if (text !== '') problems.push(`${name} and ${name}_FILE are both set: keep one`);
      if (secret === '') problems.push(`${name}_FILE: ${file} is empty`);
      given.set(name, { text: secret, from: 'file' });
    } catch (error) {
      problems.push(`${name}_FILE: cannot read ${file}: ${messageOf(error)}`);
    }
  }
  return { given, problems };
}

/** The names under which a setting may be given: a secret is also read from the file of `NAME_FILE`. */
function namesOf(name: SettingName): string[] {
  return settingOf(name).secret ? [name, `${name}_FILE`] : [name];
}

function strangers(names: readonly string[]): string[] {
  const known = settingNames.flatMap(namesOf);
  return names
    .filter(name => !known.includes(name))
    .map(name => {
      const nearest = known.toSorted((a, b) => distance(name, a) - distance(name, b))[0] ?? '';
      const near = distance(name, nearest) <= 3;
      return `.env: ${name} is not a setting${near ? `; did you mean ${nearest}?` : ''}`;
    });
}

/** How many letters to add, drop or change to get from one word to the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const change = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The lines of a `.env` file: what is set, and lines that set nothing. */
export type Dotenv = {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
};

const assignment = /^(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/;
const quoted = /^(["'`])(.*?)\1\s*(?:#.*)?$/;

/**
 * Reads `NAME=value` lines, with quotes and comments. Node's own reader is not used: it cuts a
 * value at any `#`, which shortens passwords without a word, and takes malformed lines into the
 * next name. Here a comment begins at a `#` after a space.
 */
export function parseDotenv(text: string): Dotenv {
  const values = new Map<string, string>();
  const problems: string[] = [];
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .forEach((line, i) => {
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#')) return;
      const [, name, rest = ''] = assignment.exec(trimmed) ?? [];
      const value = readValue(rest);
      if (name === undefined) problems.push(`.env line ${i + 1}: not NAME=value`);
      else if (value === null) problems.push(`.env line ${i + 1}: ${name} has a quote left open`);
      else values.set(name, value);
    });
  return { values, problems };
}

function readValue(rest: string): string | null {
  const value = rest.trim();
  if (/^["'`]/.test(value)) return quoted.exec(value)?.[2] ?? null;
  return rest.replace(/\s#.*$/, '').trim();
}
