import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadDigest } from '../../src/digest/load.ts';
import { composeEdition } from '../../src/edition/compose.ts';
import { pickPapers } from '../../src/edition/pick.ts';
import type { Rendered } from '../../src/render/rendered.ts';
import { createRenderer } from '../../src/render/renderer.ts';

/** Where the benchmark's templates are: the tools are compiled to `build/`, two levels up. */
export const templates = fileURLToPath(new URL('../../../templates', import.meta.url));

const corpora = process.env.PAPERROUND_CORPORA ?? '../shared/data';
const capture = `${corpora}/captures/2025-09-03-search-page.txt`;

/** The digest that is measured: the 53-paper capture where it is there, else the sample. */
export const digestName = existsSync(capture) ? capture : 'sample';

export const masthead = {
  name: 'Daily Papers',
  postalAddress: '1 Main Street, Springfield',
  links: { style: 'web', base: 'https://news.example.org' },
} as const;

/** The digest, parsed. */
export function readDigest() {
  return loadDigest(digestName, { referenceDay: '2025-09-03', stdin: process.stdin });
}

/** The rendered edition that every contender sends. */
export async function renderOnce(): Promise<Rendered> {
  const digest = await readDigest();
  const { picks, rest } = pickPapers(digest, { count: 10, carried: { has: () => false } });
  const edition = composeEdition({
    kind: 'daily',
    date: '2025-09-03',
    digest,
    picks,
    rest,
    name: masthead.name,
  });
  return createRenderer({ templates }).renderEdition(edition, masthead);
}
