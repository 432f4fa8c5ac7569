import { describe, expect, test } from 'vitest';
import { readable } from '../../src/digest/paper.ts';
import { texToUnicode } from '../../src/digest/tex/tex.ts';
import { readCorpusFile, wholeCorpora } from '../support/corpora.ts';

type Pair = { readonly input: string; readonly expected: string };
type Sample = { readonly id: string; readonly title_top: string; readonly summary: string };

function read<T>(file: string): readonly T[] {
  return JSON.parse(readCorpusFile('tex', file).toString());
}

/** Letters and digits without what is known to be TeX, and without the help of the code under test. */
function lettersAndDigits(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\\href\{[^{}]*\}(?=\{)/g, '')
    .replace(
      /\\(?:text\w+|href|b|emph|em|it|url|footnote|deg|pm|times|sigma|Theta|nobreakdash)\b/g,
      '',
    )
    .replace(
      /(?:text(?:it|bf|tt|sc)?|math(?:cal|rm)|url|blue|teal|orange)(?=\{)|\^\{?circ(?![a-su-z])/g,
      '',
    )
    .replace(/ ?times(?= ?[\dA-Z(]|[ .,)]|[^a-z]| [b-z]\b)/g, '')
    .replace(/mtimes n/g, 'mn')
    .replace(/[^a-zA-Z\d]/g, '');
}

describe('TeX in abstracts', () => {
  const samples = read<Sample>('abstracts-with-tex.json').flatMap(({ id, title_top, summary }) =>
    [title_top, summary].map(text => ({ id, text, shown: readable(text) })),
  );

  /** What `pattern` finds in what is shown, with a little of what stands around it. */
  function found(pattern: RegExp): string[] {
    const around = new RegExp(`.{0,20}(?:${pattern.source}).{0,20}`, 'gu');
    return samples.flatMap(({ id, shown }) =>
      [...shown.matchAll(around)].map(([match]) => `${id}: ${match}`),
    );
  }

  test.each(read<Pair>('tex2utf-vectors.json'))('arXiv reads $input as $expected', pair => {
    // One of the vectors leaves a Greek letter as it is; we read them all.
    const expected = pair.expected === '\\alpha' ? 'α' : pair.expected;
    expect(texToUnicode(pair.input)).toBe(expected);
  });

  test('no escape, TeX quote, tie, script or command is left', () => {
    expect(samples.length).toBeGreaterThan(wholeCorpora ? 1_000 : 100);
    expect(found(/\\/)).toEqual([]);
    expect(found(/``|''/)).toEqual([]);
    expect(found(/[\p{L}\p{N})]~/u)).toEqual([]);
    expect(found(/[_^]\{/)).toEqual([]);
    expect(found(/\b(?:text(?:it|bf|sc|tt)|math(?:cal|rm|bb))\b/)).toEqual([]);
  });

  test('no brace is left but around sets', () => {
    expect(found(/[{}]/).filter(text => !/\{[^{},]+(?:, ?[^{},]+)+/.test(text))).toEqual([]);
    expect(found(/[{}]/).length).toBeLessThan(10);
  });

  test('no times is left between or after numbers, but where it is a word', () => {
    expect(found(/\dtimes|times\d|\d times \d/)).toEqual([]);
    expect(found(/(?<=[p{L}\d]) times (?:faster|larger|fewer)/).length).toBeGreaterThan(10);
  });

  test('every word and number is still there, in its place', () => {
    expect(samples.map(({ shown }) => lettersAndDigits(shown))).toEqual(
      samples.map(({ text }) => lettersAndDigits(text)),
    );
  });
});
