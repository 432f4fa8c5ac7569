import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LoadDigest, previewSource, storedEditions } from '../../src/cli/preview-source.ts';
import { InputError } from '../../src/lib/errors.ts';
import { publishEdition, startApp } from '../support/app.ts';
import { aDigest } from '../support/builders.ts';
import { testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

const nothingStored = { listStored: async () => [], getStored: async () => null };

/** Where papers come from, and what was asked for them. */
function aSource(digest: string, named = true, fails?: Error) {
  const asked: string[] = [];
  const load: LoadDigest = async (source, { referenceDay, week }) => {
    asked.push([source, referenceDay, week].filter(Boolean).join(' '));
    if (fails) throw fails;
    return { ...aDigest(), problems: [] };
  };
  return { asked, source: previewSource(digest, named, load, nothingStored) };
}

const wednesday = { kind: 'daily', date: '2025-09-03', day: null } as const;
const api = 'https://huggingface.co/api/daily_papers';

describe('where a preview’s papers come from', () => {
  it('is a digest, and its files are watched', async () => {
    const { source, asked } = aSource('a b.txt, https://papers.test/feed');
    expect(source).toMatchObject({ files: ['a b.txt'], folder: null, kind: 'manual' });
    await source.load(wednesday);
    expect(asked).toEqual(['a b.txt, https://papers.test/feed 2025-09-03']);
  });

  it('is today’s papers for daily readers where none is named; of the API, the week before for weekly ones', async () => {
    const { source, asked } = aSource(api, false);
    expect(source).toMatchObject({ label: 'today’s papers', kind: 'daily', files: [] });
    await source.load({ ...wednesday, kind: 'weekly' });
    expect(asked).toEqual([`${api} 2025-09-03 2025-W35`]);
  });

  it('is a folder with days, the newest first', async () => {
    const folder = tempFolder();
    for (const name of [
      '2025-09-02.json',
      '2025-09-03-page.txt',
      '2025-09-04.json.gz',
      'notes.txt',
    ])
      writeFileSync(join(folder, name), '');
    const { source, asked } = aSource(folder);
    expect(source.days()).toEqual(['2025-09-03', '2025-09-02']);
    await source.load(wednesday);
    await source.load({ ...wednesday, day: '2025-09-02' });
    expect(asked).toEqual([
      `${join(folder, '2025-09-03-page.txt')} 2025-09-03`,
      `${join(folder, '2025-09-02.json')} 2025-09-02`,
    ]);
    await expect(source.load({ ...wednesday, day: '2025-09-01' })).rejects.toThrow(
      'it has no file of 2025-09-01',
    );
  });

  it('points to the sample where the network fails, and not where a file does', async () => {
    const failed = (digest: string) =>
      aSource(digest, true, new InputError('no.')).source.load(wednesday);
    await expect(failed(api)).rejects.toThrow('no.\nNo network? Try `paperround preview sample`.');
    await expect(failed('capture.txt')).rejects.toThrow(/^no\.$/);
  });
});

describe('what was published', () => {
  it('is read from the database, and nothing is written', async () => {
    const app = await startApp();
    const id = await publishEdition(app);
    const stored = storedEditions(app.config, app.runtime);
    onTestFinished(() => stored.close());
    expect(await stored.listStored()).toMatchObject([{ id, edition: { kind: 'daily' } }]);
    expect(await stored.getStored(id)).toMatchObject({ date: '2025-09-03' });
    expect(await stored.getStored(id + 1)).toBeNull();
  });

  it('is nothing where there is no database, and none is made', async () => {
    const folder = tempFolder();
    const path = join(folder, 'sub/papers.db');
    const stored = storedEditions({ database: { kind: 'sqlite', path } }, testRuntime());
    expect(await stored.listStored()).toEqual([]);
    expect(await stored.getStored(1)).toBeNull();
    await stored.close();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
