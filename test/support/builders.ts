import type { Digest, Paper } from '../../src/digest/digest.ts';
import { composeEdition } from '../../src/edition/compose.ts';
import type { Edition } from '../../src/edition/edition.ts';
import { pickPapers } from '../../src/edition/pick.ts';
import type { Masthead } from '../../src/mail/render/rendered.ts';

/** A paper that a source knows little of; `values` say what else it knows. */
export function aPaper(values: Partial<Paper> = {}): Paper {
  const title = values.title ?? 'A Paper';
  return {
    arxivId: null,
    titleKey: title.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''),
    title,
    abstract: 'It asks a question. It answers it.',
    url: 'https://papers.example.org/a-paper',
    pdfUrl: null,
    codeUrl: null,
    authors: [],
    authorCount: null,
    upvotes: null,
    publishedOn: null,
    tldr: null,
    ...values,
  };
}

/** `count` papers that differ in title and address: `Paper 1`, `Paper 2`, … */
export function papers(count: number, values: Partial<Paper> = {}): Paper[] {
  return Array.from({ length: count }, (_, at) =>
    aPaper({
      title: `Paper ${at + 1}`,
      url: `https://papers.example.org/${at + 1}`,
      ...values,
    }),
  );
}

export function aDigest(values: Partial<Digest> = {}): Digest {
  return { date: '2025-09-03', curator: null, papers: papers(3), ...values };
}

export const nothingCarried = { get: () => undefined };

/** The edition of a digest's first ten papers, with the rest listed. */
export function anEdition(digest: Digest = aDigest(), values: Partial<Edition> = {}): Edition {
  const { picks, rest } = pickPapers(digest, { count: 10, carried: nothingCarried });
  const date = digest.date;
  return {
    ...composeEdition({ kind: 'daily', date, digest, picks, rest, name: 'Daily Papers' }),
    ...values,
  };
}

export function aMasthead(values: Partial<Masthead> = {}): Masthead {
  return {
    name: 'Daily Papers',
    postalAddress: 'Example Lab, 1 Main Street, Springfield',
    links: { style: 'web', base: 'https://news.example.org' },
    ...values,
  };
}
