import { readFileSync } from 'node:fs';
import type { Preview } from '../../delivery/preview.ts';
import { InputError, messageOf, UsageError } from '../../lib/errors.ts';
import type { Runtime } from '../../lib/runtime.ts';
import { shownPath } from '../../mail/render/templates.ts';

/** What there is to see: the newest preview that came about, and what is wrong now. */
export type Shown = { readonly preview: Preview | null; readonly trouble: PreviewTrouble | null };

/** Keeps previews for as long as they may be looked at. */
export type PreviewSession = {
  /**
   * What there is to see of `name`. A `version` of it is made once, and what failed again with the
   * next look, as it may have been mended. Never rejects.
   */
  show(name: string, version: string, make: () => Promise<Preview>): Promise<Shown>;
};

/** How many names are known at a time. */
const mostKept = 20;

type Kept = { version: string | null; good: Preview | null; shown?: Promise<Shown> };

/** A session that knows nothing yet. What fails unexpectedly is logged, too. */
export function createPreviewSession({ log }: Pick<Runtime, 'log'>): PreviewSession {
  const kept = new Map<string, Kept>();
  return {
    show(name, version, make) {
      const before = kept.get(name);
      if (before?.shown && before.version === version) return before.shown;
      // Its last state stays to be seen behind what is wrong now.
      const entry: Kept = { version, good: before?.good ?? null };
      entry.shown = make().then(
        preview => {
          entry.good = preview;
          return { preview, trouble: null };
        },
        (error: unknown) => {
          entry.version = null;
          if (!(error instanceof InputError || error instanceof UsageError)) {
            log.error({ error: messageOf(error) }, 'a preview failed');
          }
          return { preview: entry.good, trouble: troubleOf(error) };
        },
      );
      // The latest comes last, so that what was looked at long ago is forgotten first.
      kept.delete(name);
      kept.set(name, entry);
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
      return entry.shown;
    },
  };
}

/** Why there is nothing new to see: what is wrong, where, and the lines around it. */
export type PreviewTrouble = {
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
export function troubleOf(error: unknown): PreviewTrouble {
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
