import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, it } from 'vitest';

/** Real data that is no part of the project; see CONTRIBUTING. */
const root = resolve(process.env.PAPERROUND_CORPORA ?? '../shared/data');

/** Where a corpus (`captures`, `huggingface`, …) is, whether or not it is there. */
export function corpusPath(name: string): string {
  return join(root, name);
}

/** The names of the files of a corpus that end in `ending`, sorted; none where it is absent. */
export function corpusFiles(name: string, ending: string): string[] {
  const path = corpusPath(name);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter(file => file.endsWith(ending))
    .sort();
}

/** The bytes of a file of a corpus, unpacked where its name ends in `.gz`. */
export function readCorpusFile(name: string, file: string): Buffer {
  const bytes = readFileSync(join(corpusPath(name), file));
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** A suite over a corpus; where that is absent it is skipped, and its title says why. */
export function describeCorpus(name: string, title: string, suite: () => void): void {
  if (existsSync(corpusPath(name))) describe(title, suite);
  // The suite itself is not even looked into: it reads the corpus.
  else {
    describe.skip(`${title} (skipped: no ${name} in PAPERROUND_CORPORA, ${root})`, () => {
      it('needs the corpus', () => {});
    });
  }
}
