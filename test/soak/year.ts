import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { templates } from '../bench/edition.ts';
import { corpusFiles, readCorpusFile } from '../support/corpora.ts';
import { simulate } from './simulate.ts';

// npm run soak:year -- [--late 30] [--seed 1] [--from 2024-05-27]
const { values } = parseArgs({
  options: {
    late: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '' },
  },
});
const lists = corpusFiles('huggingface', '.json.gz')
  .filter(name => name >= values.from)
  .map(name => ({
    day: name.slice(0, 10),
    bytes: readCorpusFile('huggingface', name),
  }));
const folder = mkdtempSync(join(tmpdir(), 'paperround-soak-'));
try {
  const began = performance.now();
  const result = await simulate({
    ...{ lists, folder, templates },
    ...{ late: Number(values.late) / 100, seed: values.seed },
  });
  console.log(result, `${((performance.now() - began) / 1000).toFixed(1)} s`);
  const { lost, repeats, mostHtmlBytes } = result;
  const kept = lost.length + repeats.length === 0 && mostHtmlBytes < 95_000;
  console.log(kept ? 'kept: nobody’s paper was lost, none came twice' : 'BROKEN');
  process.exitCode = kept ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
