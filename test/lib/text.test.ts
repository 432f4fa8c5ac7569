import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { cleanText, clip, excerpt } from '../../src/lib/text.ts';

describe('cleanText', () => {
  test.each([
    ['  two\r\n\tlines\u00a0and\u2028more ', 'two lines and more'],
    ['e\u0301', 'é'],
    ['a\u202eb\u2066c\u2069d\u200be\ufefff\u00adg', 'abcdefg'],
    ['bell\u0007 \u0000null \u009bcsi', 'bell null csi'],
    ['private\ue000 lone\ud800 tag\u{e0041}', 'private lone tag'],
    ['a\u200cb', 'ab'],
    ['می\u200cخواهم and 👩\u200d🔬', 'می\u200cخواهم and 👩\u200d🔬'],
    ['<b>&amp;{{x}}', '<b>&amp;{{x}}'],
  ])('makes %j fit to be shown', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });
});

describe('excerpt', () => {
  test('cuts long text and keeps short text', () => {
    expect(excerpt('short')).toBe('short');
    expect(excerpt('a long title indeed', 8)).toBe('a long…');
  });
});

describe('clip', () => {
  it('leaves alone what fits', () => {
    expect(clip('as it is', 8)).toBe('as it is');
  });

  it('cuts at a word, without what joins it to the next', () => {
    expect(clip('one, two — three four', 17)).toBe('one, two — three…');
    expect(clip('one hundred and two, three', 22)).toBe('one hundred and two…');
  });

  it('cuts a long word where it must', () => {
    expect(clip('a'.repeat(50), 10)).toBe(`${'a'.repeat(9)}…`);
  });

  it('keeps families and flags together', () => {
    expect(clip('👩‍👩‍👧‍👦'.repeat(3), 14)).toBe('👩‍👩‍👧‍👦…');
    expect(clip('🇫🇷🇩🇪', 7)).toBe('🇫🇷…');
  });

  it('gives at most the length asked for, and whole characters, of anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 2, max: 100 }),
        (text, most) => {
          const clipped = clip(text, most);
          expect(clipped.length).toBeLessThanOrEqual(most);
          expect(Buffer.from(clipped).toString()).toBe(clipped);
        },
      ),
    );
  });

  it('stays quick on one endless grapheme', () => {
    expect(clip(`e${'\u0301'.repeat(100_000)}`, 50)).toHaveLength(50);
  });
});
