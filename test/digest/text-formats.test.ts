import { describe, expect, test } from 'vitest';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { InputError } from '../../src/lib/errors.ts';
import { aCapture } from '../support/capture.ts';

function parse(text: string, date?: string) {
  return parseDigest(text, { referenceDay: '2025-09-10', source: 'in', date });
}

describe('Title, PDF and Summary', () => {
  const block = (title: string, summary = 'An abstract.') =>
    `Title: ${title}\nPDF: https://arxiv.org/pdf/2309.00071v2\nSummary: ${summary}\n---\n`;

  test('are a paper, of no day in particular', () => {
    const digest = parse(block('A Title that\n  Goes On', 'One\ntwo.'));
    expect(digest).toMatchObject({ date: '2025-09-10', curator: null, problems: [] });
    expect(digest.papers).toMatchObject([
      {
        title: 'A Title that Goes On',
        abstract: 'One two.',
        arxivId: '2309.00071',
        url: 'https://arxiv.org/abs/2309.00071',
        pdfUrl: 'https://arxiv.org/pdf/2309.00071v2',
      },
    ]);
    expect(parse(block('A'), '2025-08-01').date).toBe('2025-08-01');
  });

  test.each([
    ['it has.It is', 'it has. It is'],
    ['in-context information,and more', 'in-context information, and more'],
    ['Node.js and e.g.this, 1,000 x,y (a,b)', 'Node.js and e.g.this, 1,000 x,y (a,b)'],
    ['https://a.test/Path.Name,and', 'https://a.test/Path.Name,and'],
    ['https://github.com/a/Repo.Name', 'https://github.com/a/Repo.Name'],
  ])('have words set apart that ran into each other: %s', (summary, abstract) => {
    expect(parse(block('A', summary)).papers[0]?.abstract).toBe(abstract);
  });

  test('may link to a PDF elsewhere, or to none', () => {
    const [other, none] = parse(
      'Title: A\nPDF: https://a.test/b.pdf\nSummary: C.\n---\nTitle: B\nSummary: D.\n',
    ).papers;
    expect(other).toMatchObject({ url: 'https://a.test/b.pdf', pdfUrl: 'https://a.test/b.pdf' });
    expect(none).toMatchObject({ pdfUrl: null, arxivId: null });
  });

  test.each([
    ['Title: A\nPDF: https://a.test/b\n---\n', 'in:1: this paper has no Summary.'],
    [`${block('A')}Title:\nPDF: x\nSummary: B.\n`, 'in:5: this paper has no Title.'],
  ])('are refused where one is missing: %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('JSON Lines', () => {
  const line = (values: Record<string, unknown> = {}) =>
    JSON.stringify({ title: 'A Title', abstract: 'An abstract.', ...values });

  test('are a paper each, with all that is said of it', () => {
    const paper = {
      tldr: 'In short.',
      url: 'https://a.test/1',
      pdfUrl: 'https://a.test/1.pdf',
      codeUrl: 'https://github.com/a/b',
      authors: ['Ada Lovelace'],
      authorCount: 3,
      upvotes: 12,
      publishedOn: '2025-09-01',
    };
    const { papers, date } = parse(
      `${line({ ...paper, id: '2309.00071v2' })}\n\n${line({ title: 'B' })}\n`,
    );
    expect(date).toBe('2025-09-10');
    expect(papers[0]).toMatchObject({ ...paper, arxivId: '2309.00071' });
    expect(papers[1]).toMatchObject({ title: 'B', arxivId: null, upvotes: null });
  });

  test('may be what `digest --json` says of its papers', () => {
    const [{ arxivId, titleKey, ...paper } = expect.fail()] = parse(
      line({ id: '2309.00071' }),
    ).papers;
    const shown = { id: arxivId, titleKey, ...paper };
    expect(parse(JSON.stringify(shown)).papers).toEqual([{ arxivId, titleKey, ...paper }]);
  });

  test('find the arXiv paper behind a link', () => {
    expect(parse(line({ url: 'https://arxiv.org/abs/2309.00071' })).papers[0]).toMatchObject({
      arxivId: '2309.00071',
    });
    expect(parse(line({ id: '2309.00071' })).papers[0]?.url).toBe(
      'https://arxiv.org/abs/2309.00071',
    );
  });

  test.each<[Record<string, unknown>, string | RegExp]>([
    [{ abstract: undefined }, /^in:2: "abstract" cannot be used: Invalid input/],
    [{ title: ' ' }, 'in:2: "title" is empty.'],
    [{ title: '\u200b' }, 'in:2: there is nothing to read in this title or abstract.'],
    [{ id: '12' }, 'in:2: "id" is no arXiv id, like 2309.00071.'],
    [{ url: 'javascript:alert(1)' }, 'in:2: "url" is no http or https address.'],
    [{ upvotes: -1 }, /^in:2: "upvotes" cannot be used: /],
    [{ upvotes: '3' }, /^in:2: "upvotes" cannot be used: /],
    [{ authors: ['Ada', 7] }, /^in:2: "authors\.1" cannot be used: /],
    [{ publishedOn: '2025-02-30' }, 'in:2: "publishedOn" is no day, like 2025-09-03.'],
  ])('are refused by line and field: %o', (values, message) => {
    expect(() => parse(`${line()}\n${line(values)}\n`)).toThrow(message);
  });

  test.each(['{"title": "A"', '[1]', '7', 'A Title'])('are refused for a line that is %s', text => {
    expect(() => parse(`${line()}\n${text}\n`)).toThrow(/^in:2: /);
    expect(() => parse(`${line()}\n${text}\n`)).toThrow(InputError);
  });
});

describe('a capture of several days', () => {
  const page = (day: string, from: number) =>
    aCapture({ papers: 3, from }).replace('\nSep 3\n', `\n${day}\n`);
  const file = page('Sep 3', 1) + page('Sep 5', 11) + page('Sep 4', 21);

  test('is its newest', () => {
    const { date, papers } = parse(file);
    expect(date).toBe('2025-09-05');
    expect(papers).toEqual(parse(page('Sep 5', 11)).papers);
  });

  test('is the day that is wanted', () => {
    const { date, papers } = parse(file, '2025-09-04');
    expect(date).toBe('2025-09-04');
    expect(papers).toEqual(parse(page('Sep 4', 21)).papers);
  });

  test('that has not the day that is wanted says which it has', () => {
    expect(() => parse(file, '2025-09-06')).toThrow(EmptyDigestError);
    expect(() => parse(file, '2025-09-06')).toThrow(
      'in: it has no papers of 2025-09-06, only of 2025-09-03, 2025-09-05, 2025-09-04.',
    );
  });

  test('that has a day twice has all of its papers, each once', () => {
    const twice = page('Sep 3', 1) + page('Sep 3', 2);
    expect(parse(twice).papers).toHaveLength(4);
  });

  test('names lines of the whole file', () => {
    const whole = `${file}${page('Sep 6', 31)}\nA Lone Title`;
    expect(() => parse(whole)).toThrow(
      `in:${whole.split('\n').length}: “A Lone Title” has no abstract`,
    );
  });
});

/** In characters; more were tried while the parsers were written. */
const noise = Number(process.env.NOISE ?? 100_000);

describe('noise in any format is read or refused quickly', () => {
  const formats = [
    ['[{"paper":{"title":"', '"}}]'],
    ['<html><div data-target="DailyPapers" data-props="', '"></div>'],
    ['<rss><channel><item><title>T</title><description>', '</description></item></channel></rss>'],
    ['<rss><item><title>T</title><description>A.</description><author>', '</author></item></rss>'],
    [
      '<rss><item><title>T</title><description>A.</description><dc:creator>',
      '</dc:creator></item></rss>',
    ],
    [
      '<feed><entry><arxiv:announce_type>new</arxiv:announce_type><title>T</title><summary>A.</summary><dc:creator>',
      '</dc:creator></entry></feed>',
    ],
    ['{"version":"https://jsonfeed.org/version/1","items":[{"title":"T","content_html":"', '"}]}'],
    ['{"title":"', '"}'],
    ['Title: A\nSummary: ', ''],
  ] as const;
  const pieces = [
    ' ',
    '@',
    '(',
    '<',
    '<p>',
    '</p>',
    '<a ',
    '&',
    '&amp;',
    '\\"title\\":',
    ', ',
    'A.b,c',
    '<!--',
  ];

  test.each(pieces)('of %j', piece => {
    for (const [head, tail] of formats) {
      const start = performance.now();
      try {
        parse(head + piece.repeat(noise / piece.length) + tail);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
      expect(performance.now() - start, head).toBeLessThan(1000);
    }
  });
});
