import type { EditionKind } from '../edition/edition.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { List } from '../readers/list.ts';
import { importChangedLists } from '../readers/list-folder.ts';
import { countAudience, endFreezing, freezeRange } from '../store/audience.ts';
import type { Database } from '../store/database.ts';
import { beginDue, isAnyDue } from '../store/editions.ts';

/** What an audience is made of: the list, and the files that are imported into it by themselves. */
export type AudienceParts = {
  readonly db: Database;
  readonly runtime: Runtime;
  readonly list: List;
  readonly listFiles: () => Promise<readonly string[]>;
  /** Who is told when a list file is left out; null: nobody. */
  readonly admin: string | null;
};

/** Imports the list files that changed. @returns what became of each. */
export async function importLists(parts: AudienceParts): ReturnType<typeof importChangedLists> {
  return importChangedLists(parts, await parts.listFiles());
}

/** How many would get an edition of this kind now who do not have edition `editionId`. */
export async function countReaders(
  parts: AudienceParts,
  kind: EditionKind,
  editionId: number | null = null,
): Promise<number> {
  await importLists(parts);
  return countAudience(parts.db, kind, editionId, parts.runtime.now());
}

/** Begins the scheduled editions whose time has come. @returns their ids; a worker freezes them. */
export async function beginScheduled(parts: AudienceParts): Promise<number[]> {
  const { db, runtime } = parts;
  if (!(await isAnyDue(db, runtime.now()))) return [];
  await importLists(parts);
  return beginDue(db, runtime.now());
}

/**
 * Freezes what is left of an edition's audience into deliveries, in short ranges, so that the
 * event loop goes on between them. Does nothing for an edition that is not being frozen.
 */
export async function freeze(db: Database, runtime: Runtime, editionId: number): Promise<void> {
  while (await freezeRange(db, editionId, runtime.now())) await runtime.wait(0);
  await endFreezing(db, editionId);
}
