import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, wrap } from '../../../src/mail/render/helpers.ts';

const wrapping = { width: 20, indent: 4, first: '1.' };

describe('wrap', () => {
  it('fills lines, and hangs all but the first below its own start', () => {
    expect(wrap('one two three four five', wrapping)).toBe('1.  one two three\n    four five');
  });

  it('breaks a word that is longer than a line', () => {
    expect(wrap('a'.repeat(20), wrapping)).toBe(`1.  ${'a'.repeat(16)}\n    aaaa`);
  });

  it('breaks text without spaces by the columns it takes', () => {
    expect(wrap('大'.repeat(10), wrapping)).toBe(`1.  ${'大'.repeat(8)}\n    大大`);
  });

  it('never breaks an address', () => {
    const url = `https://example.org/${'a'.repeat(50)}`;
    expect(wrap(`see (${url}) there`, wrapping)).toBe(`1.  see\n    (${url})\n    there`);
  });

  it('keeps within the width and loses nothing but white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), text => {
        const lines = wrap(text, { width: 20, indent: 0, first: '' });
        expect(Math.max(...lines.split('\n').map(columns))).toBeLessThanOrEqual(20);
        expect(lines.replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''));
      }),
    );
  });
});

describe('columns', () => {
  it.each([
    ['plain', 5],
    ['大きな', 6],
    ['e\u0301', 1],
    ['🤖', 2],
    ['𝒳', 1],
  ])('of “%s” are %i', (text, count) => {
    expect(columns(text)).toBe(count);
  });
});
