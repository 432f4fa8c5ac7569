import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { noMemory } from '../../../src/delivery/candidates.ts';
import { prepare } from '../../../src/delivery/prepare.ts';
import { previewOf } from '../../../src/delivery/preview.ts';
import { parseDigest } from '../../../src/digest/parse.ts';
import { tally } from '../../../src/mail/check/finding.ts';
import { createRenderer } from '../../../src/mail/render/renderer.ts';
import { aRequest } from '../../support/app.ts';
import { aDigest, aMasthead } from '../../support/builders.ts';
import { runCli } from '../../support/cli.ts';
import { readCorpusFile } from '../../support/corpora.ts';
import { testRuntime } from '../../support/runtime.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const bundled = fileURLToPath(new URL('../../../templates', import.meta.url));

/** How many lines the partial has as it comes. */
const before = readFileSync(join(bundled, 'partials/pick.mjml.hbs'), 'utf8').split('\n').length - 1;

/** A copy of the templates, with `extra` below each paper but the lead. */
function templatesWith(extra: string): string {
  const folder = join(tempFolder(), 'templates');
  cpSync(bundled, folder, { recursive: true });
  appendFileSync(join(folder, 'partials/pick.mjml.hbs'), `${extra}\n`);
  return folder;
}

async function prove(templates: string, digest = aDigest()) {
  const masthead = aMasthead();
  const from = { name: 'Daily Papers', address: 'papers@news.example.org' };
  const sender = {
    from,
    replyTo: null,
    listName: 'Daily Papers',
    unsubscribeBase: 'https://news.example.org/unsubscribe/',
  };
  const renderer = createRenderer({ templates });
  const runtime = testRuntime();
  const parts = { memory: noMemory, runtime, renderer, templates, masthead, sender, dkim: null };
  const prepared = await prepare(parts, aRequest({ kind: 'manual', digest }));
  if (prepared.edition === null) throw new Error(prepared.reason);
  return previewOf(parts, prepared);
}

describe('the checks of an edition', () => {
  it('find no fault in the templates that come along', async () => {
    const { findings } = await prove(bundled);
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });

  it('blame a body that is too large on the line of the template', async () => {
    const templates = templatesWith(`<p>${'word '.repeat(24_000)}</p>`);
    await expect(prove(templates)).rejects.toThrow(
      new RegExp(
        `partials/pick\\.mjml\\.hbs:${before + 1}: not even the first paper fits.*has 12000\\d of them`,
      ),
    );
  });
});

describe('the checks of a real page', () => {
  it('find no fault in the edition of its 53 papers', async () => {
    const source = '2025-09-03-search-page.txt';
    const page = readCorpusFile('captures', source);
    const digest = parseDigest(page, { referenceDay: '2025-09-03', source });
    expect(digest.papers).toHaveLength(53);
    const { findings } = await prove(bundled, digest);
    expect(tally(findings)).toMatchObject({ error: 0, warning: 0 });
  });
});

describe('preview --check', () => {
  it('names each fault with its place in the templates, and exits 1', async () => {
    const templates = templatesWith(
      [
        '<p><img src="https://a.test/chart.png"></p>',
        '<p style="display:grid">Grid</p>',
        '<p><a href="javascript:alert(1)">Press</a></p>',
      ].join('\n'),
    );
    const args = ['preview', 'sample', '--check', '--json'];
    const { code, stdout, stderr } = await runCli(args, {
      cwd: tempFolder(),
      env: { TEMPLATES: templates },
    });
    expect(stderr).toBe('');
    const { errors, findings } = JSON.parse(stdout);
    expect(errors).toBe(3);
    const file = join(templates, 'partials/pick.mjml.hbs');
    expect(findings.slice(0, 3)).toEqual([
      expect.objectContaining({ rule: 'links', place: `${file}:${before + 3}`, severity: 'error' }),
      expect.objectContaining({
        rule: 'images',
        place: `${file}:${before + 1}`,
        severity: 'error',
      }),
      expect.objectContaining({
        rule: 'clients',
        place: `${file}:${before + 2}`,
        severity: 'error',
      }),
    ]);
    expect(code).toBe(1);
  });
});
