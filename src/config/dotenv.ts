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
