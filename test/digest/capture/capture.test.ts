import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../src/digest/parse.ts';

const head = 'Daily Papers\n\nbyAK and the research community\n\nSep 3\n\n';
const abstract =
  'We study one question in great depth and answer it with care. The answer holds on every benchmark that we could find.';

function parse(body: string, start = head) {
  return parseDigest(`${start}${body}`, { referenceDay: '2025-09-10', source: 'a.txt' });
}

function titles(body: string, start = head): string[] {
  return parse(body, start).papers.map(({ title }) => title);
}

describe('titles', () => {
  test.each([
    'SAM 2',
    '4DiT',
    'iVideoGPT: Interactive VideoGPTs are Scalable World Models',
    'Where to find Grokking in LLM Pretraining? Monitor It without Test',
    'How Many Parameters Does it Take to Change a Light Bulb? Evaluating Performance in Self-Play of Conversational Games as a Function of Model Characteristics and of Much Else',
    '2 OLMo 2 Furious',
    '1000+ FPS 4D Gaussian Splatting',
    'May the Force be with You',
    '"Give Me BF16 or Give Me Death"? Accuracy Trade-Offs',
    'Base vs. Instruct LLMs in RAG Systems',
    "Don't Overthink it. Preferring Shorter Chains",
    'SWE-bench Goes Live!',
    '#InsTag: Tagging Instructions',
    '[CLS] Is All You Need',
    '{{x}}',
    '<mj-include path="/etc/passwd"/>',
    '<script>alert(1)</script>',
    'Foo & Bar <b>',
    'Attention Is All You Need.',
    'Segment Anything, Everywhere, All at Once',
    'Order Matters: Sequence to sequence for sets',
  ])('%s is one', title => {
    expect(
      titles(
        `A Paper Before\n\n${abstract}\n\n${title}\n\n${abstract}\n\nOne After\n\n${abstract}\n`,
      ),
    ).toEqual(['A Paper Before', title, 'One After']);
  });

  test('are told from an abstract before them that ends without a full stop', () => {
    const open = `${abstract} Code is at https://github.com/a/b`;
    expect(titles(`One\n\n${open}\n\ngsplat: a Library\n\n${open}\n`)).toEqual([
      'One',
      'gsplat: a Library',
    ]);
  });

  test('may be wrapped, and end in a word of the page’s menus', () => {
    const title = 'A Rather Long Title that an Editor Has Wrapped about Language\nModels';
    expect(titles(`${title}\n\n${abstract}\n`)).toEqual([title.replace('\n', ' ')]);
  });

  test('lead to their own page, or to a search', () => {
    const [linked, other, none] = parse(
      `### [One](https://arxiv.org/abs/2401.00001v2)\n\n${abstract}\n\n### [Two](https://openreview.net/forum?id=x)\n\n${abstract}\n\n### [Three](javascript:alert(1))\n\n${abstract}\n`,
    ).papers;
    expect(linked).toMatchObject({
      arxivId: '2401.00001',
      url: 'https://arxiv.org/abs/2401.00001v2',
      pdfUrl: 'https://arxiv.org/pdf/2401.00001',
    });
    expect(other).toMatchObject({
      arxivId: null,
      url: 'https://openreview.net/forum?id=x',
      pdfUrl: null,
    });
    expect(none).toMatchObject({ title: 'Three', url: 'https://huggingface.co/papers?q=Three' });
  });
});

describe('abstracts', () => {
  test('have their paragraphs put together', () => {
    const parts = [abstract, 'Our code is public.', 'Our contributions are:', 'See https://a.b/c'];
    const [one, two] = parse(`One\n\n${parts.join('\n\n')}\n\nTwo\n\n${abstract}\n`).papers;
    expect(one?.abstract).toBe(parts.join(' '));
    expect(two?.title).toBe('Two');
  });

  test('have the line breaks within them taken out', () => {
    const long = `${abstract} ${abstract} On a single machine, Edge0`;
    expect(parse(`One\n\n${long}\nserves a model\nin 3 GB.\n`).papers[0]?.abstract).toBe(
      `${long} serves a model in 3 GB.`,
    );
  });

  test('have words put together that a line break parted after a hyphen, but no hanging hyphens', () => {
    const wrapped =
      'We study real-\nworld data with pre-\nand post-training\n- and more than\n94\nof those things.';
    expect(parse(`One\n\n${wrapped}\n`).papers[0]?.abstract).toBe(
      'We study real-world data with pre- and post-training - and more than 94 of those things.',
    );
  });

  test('keep the brackets, links and numbers of their own', () => {
    const odd = 'We use [1] and [MASK], see [the code](https://github.com/a/b). It is 2 x 3 [3].';
    const paper = parse(`One\n\n${odd}\n`).papers[0];
    expect(paper?.abstract).toBe(odd);
    expect(paper?.codeUrl).toBe('https://github.com/a/b');
  });

  test('may be short, where nothing else can be meant', () => {
    expect(parse('One\n\nThis is an abstract\n\nTwo\n\nAnd this is another\n').papers).toHaveLength(
      2,
    );
  });
});

describe('a paper that comes twice', () => {
  test('is one paper', () => {
    const twice = `One\n\n${abstract}\n\nTwo\n\n${abstract}\n\nONE\n\n${abstract} And more.\n`;
    expect(parse(twice).papers.map(({ title, abstract: { length } }) => [title, length])).toEqual([
      ['One', abstract.length + 10],
      ['Two', abstract.length],
    ]);
  });
});

describe('the head', () => {
  test.each([
    ['Sep 3', '2025-09-03'],
    ['Sep 30', '2024-09-30'],
    ['Sep 3, 2023', '2023-09-03'],
    ['2031-09-03', '2031-09-03'],
    ['Wednesday, September 3', '2025-09-03'],
    ['**Sep 3**', '2025-09-03'],
  ])('may say the day as %s', (day, date) => {
    expect(parse(`One\n\n${abstract}\n`, `Daily Papers\n\n${day}\n\n`).date).toBe(date);
  });

  test('may say nothing, and then the digest is of the reference day', () => {
    expect(parse(`One\n\n${abstract}\n`, '')).toMatchObject({ date: '2025-09-10', curator: null });
  });

  test.each([
    ['byAK and the research community', 'AK and the research community'],
    ['by AK and the research community', 'AK and the research community'],
    ['by the Paperround sample desk', 'the Paperround sample desk'],
    ['Curated by Ada', 'Ada'],
  ])('names the curator: %s', (line, curator) => {
    expect(parse(`One\n\n${abstract}\n`, `Daily Papers\n${line}\nSep 3\n\n`).curator).toBe(curator);
  });

  test('may have menus above it and the words of a search in it', () => {
    const start =
      'Hugging Face\n\nModels\n\nDocs\n\nLog In\n\nSign Up\n\nDaily Papers\n\nby AK and the research community\n\ngrokking\n\nDaily\n\nWeekly\n\nMonthly\n\nSep 3\n\n';
    expect(titles(`One\n\n${abstract}\n`, start)).toEqual(['One']);
  });

  test('has its like at the foot of the page, which is no paper either', () => {
    const foot =
      'Previous\n\n1\n\nNext\n\nCompany\n\n© Hugging Face\n\nTOS\n\nPrivacy\n\nAbout\n\nCareers\n\nWebsite\n\nModels\n\nDatasets\n\nSpaces\n\nPricing\n\nDocs\n';
    expect(titles(`One\n\n${abstract}\n\n${foot}`)).toEqual(['One']);
  });

  test('keeps the day of the first paper out of the day of the digest', () => {
    const digest = parse(`One\n\n- 3 authors · Oct 7, 2024\n\n${abstract}\n`);
    expect(digest.date).toBe('2025-09-03');
    expect(digest.papers[0]).toMatchObject({ publishedOn: '2024-10-07', authorCount: 3 });
  });
});

describe('counts', () => {
  test.each([
    ['117', 117],
    ['▲ 1,204', 1204],
    ['1.2k', 1200],
    ['Upvote\n\n117', 117],
    ['117 upvotes', 117],
  ])('are read: %j', (text, upvotes) => {
    expect(parse(`One\n\n${abstract}\n\n${text}\n\nTwo\n\n${abstract}\n`).papers[0]?.upvotes).toBe(
      upvotes,
    );
  });

  test('stand above the titles where one does, though it is a dash', () => {
    const entry = (votes: string, title: string) =>
      `${votes}\n\n${title}\n\n${abstract}\n\n3 authors\n\n·\n\nMay 29\n\n6\n\n`;
    const { papers } = parse(entry('-', 'One') + entry('65', 'Two') + entry('-', 'Three'));
    expect(papers.map(({ upvotes }) => upvotes)).toEqual([null, 65, null]);
  });

  test('of stars and comments are no upvotes', () => {
    const body = `### [One](/papers/2401.00001)\n\n${abstract}\n\n[GitHub\n\n131](https://github.com/a/b)\n\nMay 29[6](/papers/2401.00001#community)\n`;
    expect(parse(body).papers[0]).toMatchObject({
      upvotes: null,
      codeUrl: 'https://github.com/a/b',
      publishedOn: '2025-05-29',
    });
  });
});
