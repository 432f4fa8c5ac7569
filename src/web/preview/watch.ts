import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** What to watch: a folder with all in it, or one file in a folder, there or not. */
export type Watched =
  | { readonly folder: string }
  | { readonly folder: string; readonly file: string };

/** Editors write a file in several steps; ms. */
const settles = 15;

/**
 * Calls `onChange` once files have changed and rest. Folders are watched, and not files: many
 * editors put a new file in the place of the old one.
 */
export function watchFiles(all: readonly Watched[], onChange: () => void): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // A new folder is watched from then on.
      begin();
      onChange();
    }, settles);
  };
  const add = (folder: string, file: string | null) => {
    const key = join(folder, file ?? '*');
    if (watchers.has(key)) return;
    try {
      const watcher = watch(folder, (_event, name) => {
        if (file === null || name === null || name === file) touched();
      });
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(key);
      });
      watchers.set(key, watcher);
    } catch {
      // What is not there cannot change; whoever reads it says what is wrong.
    }
  };
  const begin = () => {
    for (const one of all) {
      if ('file' in one) add(one.folder, one.file);
      else for (const folder of foldersIn(one.folder)) add(folder, null);
    }
  };
  begin();
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

function foldersIn(folder: string): readonly string[] {
  try {
    const inside = readdirSync(folder, { recursive: true, withFileTypes: true });
    const folders = inside.filter(entry => entry.isDirectory());
    return [folder, ...folders.map(entry => join(entry.parentPath, entry.name))];
  } catch {
    return [folder];
  }
}
