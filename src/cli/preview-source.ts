import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { LoadedDigest } from '../digest/digest.ts';
import { weekOfEdition } from '../edition/edition.ts';
import { type Day, isDay } from '../lib/day.ts';
import { InputError, messageOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import { isDailyPapersApi, splitSources, urlOf } from '../sources/names.ts';
import { type Database, openReader } from '../store/database.ts';
import { getEdition, listEditions } from '../store/editions.ts';
import type { PreviewSource } from '../web/desk/choices.ts';

/** Loads a digest as the settings say, which are read for it again. Throws an InputError. */
export type LoadDigest = (
  source: string,
  wanted: { readonly referenceDay: Day; readonly week?: string },
) => Promise<LoadedDigest>;

type Stored = Pick<PreviewSource, 'listStored' | 'getStored'>;

/** Where a preview's papers come from: a digest or a folder of them; `named`, or what DIGEST says. */
export function previewSource(
  digest: string,
  named: boolean,
  load: LoadDigest,
  stored: Stored,
): PreviewSource {
  const folder = isFolder(digest) ? digest : null;
  const sources = folder === null ? splitSources(digest) : [];
  const days = () => (folder === null ? [] : daysIn(folder));
  const ask: LoadDigest = (source, wanted) =>
    load(source, wanted).catch(error => {
      throw withAdvice(error, sources);
    });
  return {
    ...stored,
    label: named ? digest : 'today’s papers',
    kind: named ? 'manual' : 'daily',
    folder,
    files: sources.filter(source => source !== '-' && source !== 'sample' && !urlOf(source)),
    days: () => days().map(({ day }) => day),
    load: async ({ kind, date, day }) => {
      if (folder !== null) {
        const file = days().find(one => day === null || one.day === day);
        if (!file) throw new InputError(`${folder}: it has no file of ${day ?? 'any day'}.`);
        return ask(file.path, { referenceDay: file.day });
      }
      const byWeek = kind === 'weekly' && sources.every(isDailyPapersApi);
      return ask(digest, {
        referenceDay: date,
        ...(byWeek ? { week: weekOfEdition(date) } : {}),
      });
    },
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The files of a folder whose names begin with a day, the newest first. */
function daysIn(folder: string): readonly { readonly day: Day; readonly path: string }[] {
  const byDay = new Map<Day, string>();
  for (const file of readdirSync(folder).sort()) {
    const day = file.slice(0, 10);
    const readable = !/\.(?:gz|zip|bz2|xz)$|\.truth\.json$/.test(file);
    if (isDay(day) && readable && !byDay.has(day)) byDay.set(day, join(folder, file));
  }
  return [...byDay].map(([day, path]) => ({ day, path })).reverse();
}

/** What was fetched and was not to be had may be had from the sample. */
function withAdvice(error: unknown, sources: readonly string[]): unknown {
  if (!(error instanceof InputError) || !sources.some(urlOf)) return error;
  const advice = `${messageOf(error)}\nNo network? Try \`paperround preview sample\`.`;
  return new InputError(advice, { cause: error });
}

/** How many of the editions that were published one can look at. */
const storedShown = 60;

/** The editions in the database, where there is one: none is made, and nothing is written. */
export function storedEditions(
  { database: { path } }: Pick<Config, 'database'>,
  runtime: Runtime,
): Stored & { close(): Promise<void> } {
  let db: Database | null = null;
  const open = () => {
    if (!db && existsSync(path)) db = openReader(path, runtime);
    return db;
  };
  return {
    listStored: async () => {
      const reader = open();
      // One of another version of the program may lack a column.
      const stored = reader ? await listEditions(reader, storedShown).catch(() => []) : [];
      return stored.map(({ id, content }) => ({ id, edition: content }));
    },
    getStored: async id => {
      const reader = open();
      return (reader && (await getEdition(reader, id))?.content) ?? null;
    },
    close: async () => db?.destroy(),
  };
}
