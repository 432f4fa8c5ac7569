import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the benchmark's templates are: the tools are compiled to `build/`, two levels up. */
export const templates = fileURLToPath(new URL('../../../templates', import.meta.url));

const corpora = process.env.PAPERROUND_CORPORA ?? '../shared/data';
const capture = `${corpora}/captures/2025-09-03-search-page.txt`;

/** The digest that is measured: the 53-paper capture where it is there, else the sample, by its path. */
export const digestName = existsSync(capture) ? capture : join(templates, 'sample/digest.txt');

export const masthead = {
  name: 'Daily Papers',
  postalAddress: '1 Main Street, Springfield',
  links: { style: 'web', base: 'https://news.example.org' },
} as const;
