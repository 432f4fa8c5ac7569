import { readFileSync } from 'node:fs';
import { messageOf } from '../../lib/errors.ts';
import { shownPath } from './press.ts';

/** Why there is nothing new to see: what is wrong, where, and the lines around it. */
export type Trouble = {
  readonly what: string;
  /** `templates/partials/pick.mjml.hbs:7`; null where no file is named. */
  readonly place: string | null;
  readonly lines: readonly {
    readonly number: number;
    readonly text: string;
    readonly here: boolean;
  }[];
};

const around = 2;

/** What was thrown, with the source that it names at its beginning, `file:line: what`. */
export function troubleOf(error: unknown): Trouble {
  const message = messageOf(error);
  const [, file, number, what] = /^(.+?):(?:(\d+):)? ([\s\S]+)$/.exec(message) ?? [];
  const text = file ? read(file) : null;
  if (!file || !what || text === null) return { what: message, place: null, lines: [] };
  const place = shownPath(file);
  if (!number) return { what, place, lines: [] };
  const line = Number(number);
  const from = Math.max(1, line - around);
  const lines = text
    .split('\n')
    .slice(from - 1, line + around)
    .map((text, at) => ({ number: from + at, text: text.slice(0, 400), here: from + at === line }));
  return { what, place: `${place}:${line}`, lines };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
