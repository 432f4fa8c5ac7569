import { describe, expect, it } from 'vitest';
import {
  createPageCache,
  type ReadyPage,
  readyPage,
  slottedPage,
  spliced,
} from '../../../src/web/plumbing/page-cache.ts';

/** A cache, and how often it made each page; every page has ten bytes. */
function aCache(capacity: number) {
  const cache = createPageCache<ReadyPage>(capacity);
  const made: string[] = [];
  const ask = (...keys: string[]) =>
    Promise.all(
      keys.map(key =>
        cache.remember(key, () => {
          made.push(key);
          return readyPage(key.padEnd(10));
        }),
      ),
    );
  return { ask, made, cache };
}

describe('remembered pages', () => {
  it('are made once', async () => {
    const { ask, made } = aCache(100);
    const [first] = await ask('a');
    const [second] = await ask('a');
    expect(second).toBe(first);
    expect(String(first?.bytes)).toBe('a         ');
    expect(made).toEqual(['a']);
  });

  it('are made once for all who ask at the same time', async () => {
    const { ask, made } = aCache(100);
    await ask('a', 'a', 'b', 'a');
    expect(made).toEqual(['a', 'b']);
  });

  it('go when there are too many bytes, those first that were not asked for the longest', async () => {
    const { ask, made } = aCache(25);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(key);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('count with both sides of their slot', async () => {
    const cache = createPageCache(25);
    const page = slottedPage('12345|67890', '|');
    for (const key of ['a', 'b', 'c']) await cache.remember(key, () => page);
    const again = readyPage('again');
    expect(await cache.remember('c', () => again)).toBe(page);
    expect(await cache.remember('a', () => again)).toBe(again);
  });

  it('that are too large are made and not kept, and push nothing out', async () => {
    const { ask, made, cache } = aCache(25);
    await ask('a');
    const large = await cache.remember('large', () => readyPage('x'.repeat(26)));
    expect(large.bytes.length).toBe(26);
    await ask('a');
    expect(made).toEqual(['a']);
  });

  it('are tried again where they could not be made', async () => {
    const { ask, cache } = aCache(100);
    const fail = () => Promise.reject(new Error('no'));
    await expect(cache.remember('a', fail)).rejects.toThrow('no');
    const broken = () => {
      throw new Error('never');
    };
    await expect(cache.remember('a', broken)).rejects.toThrow('never');
    expect((await ask('a'))[0]?.etag).toMatch(/^"/);
  });
});

describe('a page with a slot', () => {
  const page = slottedPage('<input value="MARK">Grüße', 'MARK');

  it('is filled for every request', () => {
    expect(String(spliced(page, 'a.b-c_1'))).toBe('<input value="a.b-c_1">Grüße');
    expect(String(spliced(page, ''))).toBe('<input value="">Grüße');
  });

  it('has the weak tag of what is around it', () => {
    expect(page.etag).toMatch(/^W\/"/);
    expect(slottedPage('<input value="X">Grüße', 'X').etag).toBe(page.etag);
    expect(slottedPage('<input value="X">Gruß', 'X').etag).not.toBe(page.etag);
  });

  it.each(['none', 'MARK and MARK'])('has exactly one: not in %j', text => {
    expect(() => slottedPage(text, 'MARK')).toThrow('exactly one slot');
  });

  it.each(['"', '<b>', 'a b', 'a&b', 'é', '\n'])('takes no markup: %j', value => {
    expect(() => spliced(page, value)).toThrow('a slot takes');
  });
});
