import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { loadDigest } from '../../src/sources/load.ts';
import { readDigestText } from '../../src/sources/read.ts';
import { testRuntime } from '../support/runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'paperround-read-'));
const nothing = Readable.from([]);
const means = { runtime: testRuntime(), stdin: nothing };
const capture = 'Daily Papers\n\nSep 3\n\nA Title\n\nWe did something, and it worked well.\n';

async function text(source: string, stdin = nothing): Promise<string> {
  return Buffer.from((await readDigestText(source, stdin)).bytes).toString();
}

describe('a digest is read from', () => {
  test('a path', async () => {
    const path = join(folder, 'capture.txt');
    writeFileSync(path, capture);
    expect(await text(path)).toBe(capture);
  });

  test('a path that looks like several, where there is a file of that name', async () => {
    const path = join(folder, 'papers, of today.txt');
    writeFileSync(path, capture);
    const digest = await loadDigest(path, { ...means, referenceDay: '2025-09-10' });
    expect(digest.papers).toHaveLength(1);
  });

  test('standard input', async () => {
    expect(await text('-', Readable.from([Buffer.from('Daily '), 'Papers']))).toBe('Daily Papers');
  });

  test('the bundled sample, which is always of the reference day', async () => {
    const digest = await loadDigest('sample', { ...means, referenceDay: '2026-01-02' });
    expect(digest.date).toBe('2026-01-02');
    expect(digest.curator).toBe('the Paperround sample desk');
    expect(digest.papers.length).toBeGreaterThanOrEqual(30);
    for (const paper of digest.papers) {
      expect(paper.url).toBe(`https://huggingface.co/papers/${paper.arxivId}`);
      expect(paper.authorCount).toBeGreaterThan(0);
      expect(paper.upvotes).toBeGreaterThan(0);
    }
  });

  test('and a page’s own day goes before the reference day', async () => {
    const stdin = Readable.from([capture]);
    const digest = await loadDigest('-', { ...means, referenceDay: '2025-09-10', stdin });
    expect(digest.date).toBe('2025-09-03');
  });
});

describe('a source that cannot be read is named with the reason:', () => {
  test.each([
    ['a missing file', join(folder, 'none.txt'), 'no such file'],
    ['a path through a file', join(folder, 'capture.txt', 'x'), 'no such file'],
    ['a folder', folder, 'this is a folder'],
  ])('%s', async (_, source, reason) => {
    await expect(text(source)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(
        new RegExp(`^${source.replace(/[.*+?^$()]/g, '\\$&')}: .*${reason}`),
      ),
    });
  });

  test('a file over the limit, by its size', async () => {
    const path = join(folder, 'huge');
    writeFileSync(path, '');
    truncateSync(path, 50_000_000);
    await expect(text(path)).rejects.toThrow('50 MB is no digest; the limit is 20 MB');
  });

  test('a stream that does not end, as soon as it is over the limit', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield Buffer.alloc(1_000_000);
      }
    }
    await expect(text('-', Readable.from(endless()))).rejects.toThrow('more than 20 MB');
    expect(sent).toBeLessThan(40);
  });
});
