import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Tests and tools run in the project's own folder. */
const samples = resolve('test/data');

/** Where real data is: whole collections where PAPERROUND_CORPORA names them, else the small samples. */
const root = resolve(process.env.PAPERROUND_CORPORA || samples);

/** Whether the tests read whole collections: then they may ask for more than a sample can have. */
export const wholeCorpora = root !== samples;

/** Where a corpus (`captures`, `huggingface`, …) is. */
export function corpusPath(name: string): string {
  return join(root, name);
}

/**
 * The names of the files of a corpus that end in `ending`, sorted. A sample that was packed for its
 * size alone is listed by the name it has in the collection.
 */
export function corpusFiles(name: string, ending: string): string[] {
  return readdirSync(corpusPath(name))
    .map(file => (ending.endsWith('.gz') ? file : file.replace(/\.gz$/, '')))
    .filter(file => file.endsWith(ending))
    .sort();
}

/** The bytes of a file of a corpus, unpacked where it is packed. */
export function readCorpusFile(name: string, file: string): Buffer {
  const path = join(corpusPath(name), file);
  const packed = file.endsWith('.gz') ? path : `${path}.gz`;
  return existsSync(packed) ? gunzipSync(readFileSync(packed)) : readFileSync(path);
}
