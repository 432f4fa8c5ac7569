import { test } from 'vitest';
import { fuzz } from './support/fuzz.ts';
import { arxivAtom, arxivRss, listedItems, papersPage } from './support/papers.ts';

/** Per format. More were run while the parsers were written. */
const seeds = Number(process.env.FUZZ_SEEDS ?? 80);

const lines = listedItems(3).map(({ paper }) =>
  JSON.stringify({
    title: paper.title,
    abstract: paper.summary,
    id: paper.id,
    authors: ['Ada Lovelace'],
    upvotes: paper.upvotes,
    publishedOn: '2025-09-02',
  }),
);

const entries = [
  [1, 'new'],
  [2, 'cross'],
  [3, 'replace'],
] as const;

const pieces = [
  '\n',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  '\u200b',
  '\ud800',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '{',
  '}',
  '[',
  ']',
  ',',
  'null',
  '-1',
  '1e999',
  '""',
  '"\\u202e"',
  '{"__proto__": 1}',
  '<',
  '>',
  '</',
  '/>',
  '<a>',
  '<entry>',
  '</entry>',
  '<item>',
  '<title/>',
  '<title> </title>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '&amp;',
  '&#0;',
  '&#x202e;',
  '&#xd800;',
  '&lt;script&gt;',
  '<script>',
  '<p>',
  'type="html"',
  'javascript:alert(1)',
  'http://[::1',
  '9999-99-99',
  'Thu, 31 Feb 2025',
  '---\n',
  'Title:',
  'PDF: data:text/html,x\n',
  'Summary:\n',
  '$x^{2}$',
];

test.each([
  ['an answer of the Daily Papers API', JSON.stringify(listedItems(3))],
  ['the page of Daily Papers', papersPage(listedItems(3))],
  ['Atom', arxivAtom(entries)],
  ['RSS', arxivRss(entries).replaceAll('arxiv:announce_type', 'a').replaceAll('Announce', '')],
  [
    'JSON Feed',
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      items: lines.map(content_html => ({
        id: 'x',
        title: 'T',
        url: 'https://a.test',
        content_html,
      })),
    }),
  ],
  ['JSON Lines', lines.join('\n')],
  [
    'weekly text',
    'Title: A\n  B\nPDF: https://arxiv.org/pdf/2309.00071\nSummary: It has.It is.\n---\n'.repeat(3),
  ],
])(`${seeds} mutations of %s are read or refused`, (_, text) => {
  fuzz(text, { seeds, pieces });
});
