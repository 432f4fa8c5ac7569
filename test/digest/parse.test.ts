import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../src/digest/parse.ts';
import { InputError } from '../../src/lib/errors.ts';

function failure(input: Uint8Array | string): string {
  try {
    parseDigest(input, { referenceDay: '2025-09-03', source: 'in.txt' });
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'nothing was wrong';
}

const head = 'Daily Papers\n\nbyAK and the research community\n\nSep 3\n\n';
const paper = 'A Title\n\nWe did something, and it worked. It works for others too.\n\n';

describe('what is no digest is refused', () => {
  test.each<[string, Uint8Array | string, RegExp]>([
    ['an empty file', '', /^in\.txt: it is empty/],
    ['blank lines', ' \n\t\r\n\uFEFF', /^in\.txt: it is empty/],
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n1 0 obj', /^in\.txt: this is a PDF/],
    ['an archive', Buffer.from([0x1f, 0x8b, 8, 0]), /^in\.txt: this is a gzip archive/],
    ['binary data', Buffer.from([1, 2, 0, 3]), /^in\.txt: this is binary data/],
    [
      'UTF-16',
      Buffer.from('\uFEFFDaily Papers', 'utf16le'),
      /^in\.txt: this is UTF-16; save it as UTF-8/,
    ],
    [
      'a page',
      '<!DOCTYPE html>\n<title>502 Bad\n Gateway</title>',
      /^in\.txt: this is a web page \(HTML\) titled “502 Bad Gateway”/,
    ],
    [
      'a page without doctype',
      '\n<html lang="en"><body>',
      /^in\.txt: this is a web page \(HTML\), not a digest/,
    ],
    ['JSON', '{"error": "no"}', /^in\.txt: it is in no format that Paperround reads/],
    ['half a feed', '<?xml version="1.0"?><feed>', /^in\.txt: it ends before <\/feed>/],
    [
      'other XML',
      '<?xml version="1.0"?><a/>',
      /^in\.txt: it is in no format that Paperround reads/,
    ],
    [
      'bad UTF-8',
      Buffer.concat([Buffer.from(`${head}Caf`), Buffer.from([0xe9]), Buffer.from(' x')]),
      /^in\.txt:7: this is not valid UTF-8/,
    ],
    ['a head without papers', head, /^in\.txt: there are no papers in it/],
    [
      'a title without an abstract',
      `${head}${paper}A Lone Title\n`,
      /^in\.txt:11: “A Lone Title” has no abstract/,
    ],
    [
      'a title before another title',
      `${head}A Lone Title\n\n${paper}`,
      /^in\.txt:7: “A Lone Title” has no abstract/,
    ],
    [
      'a heading without an abstract',
      `${head}## A Lone Title\n\n## ${paper}`,
      /^in\.txt:7: “A Lone Title” has no abstract/,
    ],
    [
      'text without a title',
      `${head}We did something, and it worked well.\n\n${paper}`,
      /^in\.txt:7: no title above “We did/,
    ],
    ['an answer of a server', '404 Not Found\n', /^in\.txt:1: “404 Not Found” has no abstract/],
  ])('%s', (_, input, message) => {
    expect(failure(input)).toMatch(message);
    expect(failure(input).split('\n').length).toBeLessThan(3);
  });

  test('the message shows no control characters of the input', () => {
    expect(failure(`${head}A \u001b[31mLone\u202e Title\n`)).toContain('“A [31mLone Title”');
  });
});

describe('noise is refused quickly', () => {
  const seconds = (work: () => void) => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  };

  test('by its size, before anything is done', () => {
    const noise = Buffer.alloc(50_000_000, 'noise ');
    expect(
      seconds(() => expect(failure(noise)).toMatch('50 MB is no digest; the limit is 20 MB')),
    ).toBeLessThan(0.5);
  });

  test.each([
    ['one line', 'noise '],
    ['brackets', '['],
    ['empty links', '[]('],
    ['links', '# [x](y)\n](http://'],
    ['short lines', 'noise noise\n'],
    ['paragraphs', 'noise noise\n\n'],
    ['names', 'Ada Love, '],
    ['quotes', "``''"],
    ['pictures', '![a](b)\n'],
  ])('%s', (_, piece) => {
    const noise = `x ${piece.repeat(4_000_000 / piece.length)}`;
    expect(seconds(() => expect(failure(noise)).not.toBe('nothing was wrong'))).toBeLessThan(3);
  });
});

test.each([
  ['an answer of the API', `[${'{},'.repeat(20_000)}{}]`],
  [
    'its page',
    `<div data-target="DailyPapers" data-props="{&quot;dailyPapers&quot;:[${'0,'.repeat(20_000)}0]}">`,
  ],
  [
    'a JSON Feed',
    `{"version":"https://jsonfeed.org/version/1","items":[${'{},'.repeat(20_000)}{}]}`,
  ],
])('%s with more items than anybody lists is refused', (_, text) => {
  expect(() => parseDigest(text, { referenceDay: '2025-09-03', source: 'x' })).toThrow(
    'x: 20001 items are no digest; the limit is 20000.',
  );
});

test('a capture may be a string or bytes, with any line ends and a byte order mark', () => {
  const options = { referenceDay: '2025-09-03', source: 'in.txt' };
  const plain = parseDigest(head + paper, options);
  for (const input of [
    `\uFEFF${head}${paper}`,
    (head + paper).replaceAll('\n', '\r\n'),
    (head + paper).replaceAll('\n', '\r'),
  ]) {
    expect(parseDigest(Buffer.from(input), options)).toEqual(plain);
    expect(parseDigest(input, options)).toEqual(plain);
  }
});
