import { describe, expect, test } from 'vitest';
import { cleanText, excerpt } from '../../src/digest/text.ts';

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
