import { describe, expect, test } from 'vitest';
import {
  arxivId,
  arxivIdOfUrl,
  codeUrlIn,
  isCodeUrl,
  titleSearchUrl,
  webUrl,
} from '../../src/digest/urls.ts';

describe('webUrl', () => {
  test.each(['https://a.b/c?d=e#f', 'http://a.b/'])('takes %s', url => {
    expect(webUrl(url)).toBe(url);
  });

  test.each([
    '',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://a.b/',
    'a.b/c',
    'https://me:secret@a.b/',
    'https://a."b/c',
  ])('refuses %j', url => {
    expect(webUrl(url)).toBeNull();
  });

  test('reads a path against the page it stood on', () => {
    expect(webUrl('/papers/1', 'https://a.b/x')).toBe('https://a.b/papers/1');
    expect(webUrl('//c.d/e', 'https://a.b/x')).toBe('https://c.d/e');
  });
});

describe('arXiv ids', () => {
  test.each([
    ['2309.00071', '2309.00071'],
    ['arXiv:2309.00071v3', '2309.00071'],
    ['0704.0001', '0704.0001'],
    ['hep-th/9901001v2', 'hep-th/9901001'],
    ['math.GT/0309136', 'math.gt/0309136'],
  ])('reads %s', (text, id) => {
    expect(arxivId(text)).toBe(id);
  });

  test.each(['2309.071', '23090.00071', '2309.000711', 'version 2309.00071', '3.14159'])(
    'is no id: %s',
    text => {
      expect(arxivId(text)).toBeNull();
    },
  );

  test.each([
    ['https://huggingface.co/papers/2309.00071', '2309.00071'],
    ['https://huggingface.co/papers/2309.00071#community', '2309.00071'],
    ['https://arxiv.org/abs/2309.00071v2', '2309.00071'],
    ['http://www.arxiv.org/pdf/2309.00071v2.pdf', '2309.00071'],
    ['https://export.arxiv.org/abs/hep-th/9901001', 'hep-th/9901001'],
    ['https://huggingface.co/papers/date/2025-09-03', null],
    ['https://huggingface.co/papers/trending', null],
    ['https://evil.test/papers/2309.00071', null],
    ['https://huggingface.co.evil.test/papers/2309.00071', null],
  ])('finds the paper of %s', (url, id) => {
    expect(arxivIdOfUrl(url)).toBe(id);
  });
});

describe('code', () => {
  test('is a repository, not a person or a page', () => {
    expect(isCodeUrl('https://github.com/openai/CLIP')).toBe(true);
    expect(isCodeUrl('https://github.com/openai')).toBe(false);
    expect(isCodeUrl('https://openai.github.io/CLIP')).toBe(false);
  });

  test('is found in an abstract, without the full stop behind it', () => {
    expect(codeUrlIn('Code: https://a.b/c, https://github.com/x/y.')).toBe(
      'https://github.com/x/y',
    );
    expect(codeUrlIn('at https://github.com/x/y{https://github.com/x/y}.')).toBe(
      'https://github.com/x/y',
    );
    expect(codeUrlIn('no code')).toBeNull();
  });
});

test('a title search has every character of the title encoded', () => {
  expect(titleSearchUrl('A & B? "C" #1')).toBe(
    'https://huggingface.co/papers?q=A%20%26%20B%3F%20%22C%22%20%231',
  );
});
