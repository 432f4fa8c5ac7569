import { fileURLToPath } from 'node:url';
import { readCorpusFile } from '../support/corpora.ts';

/** Where the benchmark's templates are: the tools are compiled to `build/`, two levels up. */
export const templates = fileURLToPath(new URL('../../../templates', import.meta.url));

/** The digest that is measured: a day of 53 papers, the one this project starts from. */
export const digestName = '2025-09-03-search-page.txt';

/** Its bytes. */
export const readMeasured = (): Buffer => readCorpusFile('captures', digestName);

export const masthead = {
  name: 'Daily Papers',
  postalAddress: '1 Main Street, Springfield',
  links: { style: 'web', base: 'https://news.example.org' },
} as const;
