import { describe, expect, test } from 'vitest';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { arxivAtom, arxivRss } from './support/papers.ts';

function parse(text: string | Uint8Array) {
  return parseDigest(text, { referenceDay: '2025-09-10', source: 'in.xml' });
}

const rss = (items: string, head = '') =>
  `<?xml version="1.0"?><!-- made <by> hand --><rss version="2.0" xmlns:dc="d" xmlns:content="c" xmlns:media="m" xmlns:atom="a"><channel><title>Papers</title>${head}${items}</channel></rss>`;
const atom = (entries: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>${entries}</feed>`;
const item = (inner: string) => `<item><title>A Title</title>${inner}</item>`;

describe.each([
  ['Atom', arxivAtom],
  ['RSS', arxivRss],
])('arXiv’s list of a day in %s', (_, write) => {
  test('is its announcements, with all that they say', () => {
    const { date, papers, problems } = parse(
      write([
        [1, 'new'],
        [2, 'cross'],
      ]),
    );
    expect([date, papers.length, problems]).toEqual(['2025-08-20', 2, []]);
    expect(papers[0]).toMatchObject({
      arxivId: '2508.13001',
      url: 'https://arxiv.org/abs/2508.13001',
      pdfUrl: 'https://arxiv.org/pdf/2508.13001',
      publishedOn: '2025-08-20',
      abstract: expect.stringMatching(/^Graphs where x<y .*are used to model number 1\.$/),
    });
    expect(papers[0]?.authors.slice(0, 2)).toEqual(['Jiayu Fang', 'Zhiqi Shao']);
  });

  test('has no replacements', () => {
    const { papers } = parse(
      write([
        [1, 'replace'],
        [2, 'new'],
        [3, 'replace-cross'],
      ]),
    );
    expect(papers.map(({ arxivId }) => arxivId)).toEqual(['2508.13002']);
  });

  test('is empty at a weekend, or where it has replacements alone', () => {
    expect(() => parse(write([]))).toThrow(EmptyDigestError);
    expect(() => parse(write([]))).toThrow('in.xml: it lists no papers.');
    expect(() => parse(write([[1, 'replace']]))).toThrow(
      'in.xml: it lists no papers that are new, only replacements.',
    );
  });
});

describe('RSS', () => {
  test('is read as what a person reads of it', () => {
    const { papers, date } = parse(
      rss(`<item>
        <title><![CDATA[Cats &amp; Dogs: <i>in vivo</i>]]></title>
        <link>https://papers.example.org/cats?a=1&amp;b=2</link>
        <guid isPermaLink="false">tag:cats</guid>
        <media:title>Not this</media:title>
        <description>&lt;p&gt;First &amp;mdash; of all.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;ul&gt;&lt;li&gt;One&lt;li&gt;Two&lt;/ul&gt;CO&lt;sub&gt;2&lt;/sub&gt;</description>
        <pubDate>Mon, 01 Sep 2025 23:30:00 -0700</pubDate>
        <author>ada@example.org (Ada Lovelace)</author>
        <enclosure url="https://papers.example.org/cats.pdf" type="application/pdf"/>
      </item>`),
    );
    expect(date).toBe('2025-09-01');
    expect(papers[0]).toMatchObject({
      title: 'Cats & Dogs: in vivo',
      abstract: 'First — of all. One Two CO2',
      url: 'https://papers.example.org/cats?a=1&b=2',
      pdfUrl: 'https://papers.example.org/cats.pdf',
      authors: ['Ada Lovelace'],
      publishedOn: '2025-09-01',
    });
  });

  test.each([
    ['<description>If x<![CDATA[<y and y>]]>z, then so.</description>', 'If x<y and y>z, then so.'],
    ['<content:encoded><![CDATA[<p>Whole.</p>]]></content:encoded>', 'Whole.'],
    ['<description>AT&T wrote & sent it.</description>', 'AT&T wrote & sent it.'],
  ])('may describe a paper as %s', (inner, abstract) => {
    expect(parse(rss(item(inner))).papers[0]?.abstract).toBe(abstract);
  });

  test.each([
    ['<dc:creator>Ada Lovelace, Alan Turing</dc:creator>', ['Ada Lovelace', 'Alan Turing']],
    ['<dc:creator>Lovelace, Ada</dc:creator>', ['Lovelace, Ada']],
    ['<dc:creator>A. B</dc:creator><dc:creator>C. D</dc:creator>', ['A. B', 'C. D']],
    ['<author>ada@example.org</author>', []],
    ['<author>Ada Lovelace</author>', ['Ada Lovelace']],
  ])('names authors as %s, and gives no addresses away', (inner, authors) => {
    const { papers } = parse(rss(item(`<description>An abstract.</description>${inner}`)));
    expect(papers[0]?.authors).toEqual(authors);
  });

  test('of version 1.0 has its items beside the channel', () => {
    const { papers, date } = parse(
      `<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/" xmlns:dc="d"><channel><title>P</title><dc:date>2025-09-02T00:00:00Z</dc:date></channel>
      <item rdf:about="x"><title>A Title</title><link>https://a.test/1</link><description>An abstract.</description></item></rdf:RDF>`,
    );
    expect([date, papers[0]?.url]).toEqual(['2025-09-02', 'https://a.test/1']);
  });

  test('finds the arXiv paper behind a link', () => {
    const { papers } = parse(
      rss(
        item(
          '<description>An abstract.</description><link>https://arxiv.org/abs/2309.00071v2</link>',
        ),
      ),
    );
    expect(papers[0]).toMatchObject({
      arxivId: '2309.00071',
      pdfUrl: 'https://arxiv.org/pdf/2309.00071',
    });
  });

  test('leaves out what is no paper, and says so', () => {
    const { papers, problems } = parse(
      rss(
        `${item('<description>An abstract.</description>')}<item><title>Only That</title></item><item><description>Only that</description></item>`,
      ),
    );
    expect(papers).toHaveLength(1);
    expect(problems).toEqual([
      'in.xml: item 2 was left out: “Only That” has no abstract',
      'in.xml: item 3 was left out: it has no title',
    ]);
  });

  test('without one paper is refused, and without one item it is empty', () => {
    expect(() => parse(rss('<item/>'))).toThrow(
      'in.xml: none of its 1 items is a paper. The first: it has no title.',
    );
    expect(() => parse(rss(''))).toThrow(EmptyDigestError);
  });

  test('in another encoding is read as it says of itself', () => {
    const text = `<?xml version="1.0" encoding="ISO-8859-1"?>${rss(item('<description>Café au lait.</description>')).slice(21)}`;
    expect(parse(Buffer.from(text, 'latin1')).papers[0]?.abstract).toBe('Café au lait.');
  });

  test('keeps what is long within bounds', () => {
    const { papers } = parse(
      rss(
        `<item><title>${'t'.repeat(5000)}</title><description>${'word '.repeat(20_000)}</description></item>`,
      ),
    );
    expect(papers[0]?.title.length).toBe(1000);
    expect(papers[0]?.abstract.length).toBeLessThanOrEqual(20_000);
  });
});

describe('Atom', () => {
  test.each([
    ['<summary>If x&lt;b&gt;y</summary>', 'If x<b>y'],
    ['<summary type="html">If &lt;b&gt;y&lt;/b&gt; &amp;amp; z</summary>', 'If y & z'],
    [
      '<summary type="xhtml"><div xmlns="x"><p>One.</p><p>H<sub>2</sub>O.</p></div></summary>',
      'One. H2O.',
    ],
    ['<content type="html">&lt;p&gt;Whole.&lt;/p&gt;</content>', 'Whole.'],
  ])('may summarise a paper as %s', (inner, abstract) => {
    const { papers } = parse(atom(`<entry><title>A Title</title>${inner}</entry>`));
    expect(papers[0]?.abstract).toBe(abstract);
  });

  test('with a prefix is the same', () => {
    const { papers } = parse(
      '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>A Title</a:title><a:summary>An abstract.</a:summary><a:link href="https://a.test/1"/><a:author><a:name>Ada</a:name></a:author></a:entry></a:feed>',
    );
    expect(papers[0]).toMatchObject({
      title: 'A Title',
      url: 'https://a.test/1',
      authors: ['Ada'],
    });
  });

  test('loads no entities from elsewhere, and multiplies none', () => {
    const { papers } = parse(
      `<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]>${atom('<entry><title>A &a;&x; Title</title><summary>An abstract.</summary></entry>')}`,
    );
    expect(papers[0]?.title).toBe('A &a;&x; Title');
  });
});

describe('JSON Feed', () => {
  const feed = (items: readonly unknown[]) =>
    JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'Papers', items });

  test('is read with what its items say', () => {
    const { papers, date, problems } = parse(
      feed([
        {
          id: '1',
          url: 'https://a.test/1',
          title: 'A &amp; B',
          content_html: '<p>One.</p><p>Two.</p>',
          date_published: '2025-09-02T10:00:00+02:00',
          authors: [{ name: 'Ada' }],
        },
        { id: 'https://arxiv.org/abs/2309.00071', title: 'C', content_text: 'x<y', author: {} },
        { id: 3, title: ['D'] },
        'nothing',
      ]),
    );
    expect(date).toBe('2025-09-02');
    expect(papers[0]).toMatchObject({ title: 'A & B', abstract: 'One. Two.', authors: ['Ada'] });
    expect(papers[1]).toMatchObject({ arxivId: '2309.00071', abstract: 'x<y', authors: [] });
    expect(problems).toHaveLength(2);
  });

  test('without items is empty, and without a list of them no feed', () => {
    expect(() => parse(feed([]))).toThrow(EmptyDigestError);
    expect(() => parse('{"version": "https://jsonfeed.org/version/1"}')).toThrow(
      'in.xml: this JSON Feed has no list of items.',
    );
  });
});

describe('XML that cannot be read is refused:', () => {
  test.each([
    [
      'cut off',
      arxivAtom([[1, 'new']]).slice(0, 900),
      /^in\.xml: it ends before <\/feed>, so a part/,
    ],
    ['nested without end', `<feed>${'<a>'.repeat(1000)}`, /nor?.* deeply nested|so deeply nested/],
    [
      'an error of arXiv',
      atom(
        '<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>max_results must be non-negative</summary></entry>',
      ),
      /^in\.xml: arXiv says: max_results must be non-negative$/,
    ],
  ])('%s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
