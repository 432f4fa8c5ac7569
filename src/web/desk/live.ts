import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** What to watch: a folder with all in it, or one file in a folder, there or not. */
export type Watched = {
  readonly folder: string;
  readonly file?: string;
  /** Called after a change of it, before `onChange` is. */
  readonly change?: () => void;
};

/** Editors write a file in several steps; ms. */
const settles = 15;

/**
 * Calls `onChange` once files have changed and rest; what `watched` gives after that is watched from
 * then on. Folders are watched, and not files: many editors put a new file in the place of the old.
 */
export function watchFiles(
  watched: () => readonly Watched[],
  onChange: () => void,
): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  const touched = new Set<Watched['change']>();
  let timer: NodeJS.Timeout | undefined;
  const touch = (change: Watched['change']) => {
    touched.add(change);
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const change of touched) change?.();
      touched.clear();
      begin();
      onChange();
    }, settles);
  };
  const add = (folder: string, { file, change }: Watched) => {
    const key = join(folder, file ?? '*');
    if (watchers.has(key)) return;
    try {
      const watcher = watch(folder, (_event, name) => {
        if (file === undefined || name === null || name === file) touch(change);
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
    for (const one of watched()) {
      for (const folder of one.file === undefined ? foldersIn(one.folder) : [one.folder]) {
        add(folder, one);
      }
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

/** Tells the pages that are open that something has changed (server-sent events). */
export type Live = {
  /** The answer to `GET /changes`: begins with the version that is current. */
  stream(): Response;
  /** Which version is current; it begins with what tells one run of the program from another. */
  version(): string;
  changed(): void;
  close(): void;
};

/** Servers and browsers give up on connections that are silent; ms. */
const heartbeat = 10_000;

/** `run` is different at each start. */
export function createLive(run: string): Live {
  const pages = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  let count = 0;
  const version = () => `${run}-${count}`;
  const event = () => encoder.encode(`data: ${version()}\n\n`);
  const tellAll = (bytes: Uint8Array) => {
    for (const page of pages) page.enqueue(bytes);
  };
  const beats = setInterval(() => tellAll(encoder.encode(':\n\n')), heartbeat);
  beats.unref();
  return {
    version,
    changed: () => {
      count += 1;
      tellAll(event());
    },
    stream: () => {
      let own: ReadableStreamDefaultController<Uint8Array>;
      const body = new ReadableStream<Uint8Array>({
        start: controller => {
          own = controller;
          pages.add(own);
          own.enqueue(encoder.encode('retry: 500\n'));
          own.enqueue(event());
        },
        cancel: () => void pages.delete(own),
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
    close: () => {
      clearInterval(beats);
      for (const page of pages) page.close();
      pages.clear();
    },
  };
}
