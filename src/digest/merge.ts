import type { Paper } from './digest.ts';

/**
 * The papers, each once, in the order they first came. The same paper is the same arXiv id or the
 * same title; what one record lacks is taken from the other, and the longer abstract is kept.
 */
export function mergePapers(papers: readonly Paper[]): Paper[] {
  const places = new Map<string, number>();
  const merged: (Paper | null)[] = [];
  for (const paper of papers) {
    const found = new Set(identities(paper).map(key => places.get(key) ?? merged.length));
    const [place, ...others] = [...found].sort((a, b) => a - b);
    const known = [place, ...others].map(at => merged[at ?? 0] ?? null).filter(one => one !== null);
    const whole = [...known, paper].reduce(richer);
    for (const other of others) merged[other] = null;
    const at = place ?? merged.length;
    merged[at] = whole;
    for (const one of [...known, paper]) for (const key of identities(one)) places.set(key, at);
  }
  return merged.filter(paper => paper !== null);
}

function identities(paper: Paper): string[] {
  return paper.arxivId
    ? [`title ${paper.titleKey}`, `arxiv ${paper.arxivId}`]
    : [`title ${paper.titleKey}`];
}

function richer(first: Paper, second: Paper): Paper {
  const linked = first.arxivId || !second.arxivId ? first : second;
  return {
    ...first,
    arxivId: linked.arxivId,
    url: linked.url,
    pdfUrl: first.pdfUrl ?? second.pdfUrl,
    codeUrl: first.codeUrl ?? second.codeUrl,
    abstract: second.abstract.length > first.abstract.length ? second.abstract : first.abstract,
    tldr: first.tldr ?? second.tldr,
    authors: second.authors.length > first.authors.length ? second.authors : first.authors,
    authorCount: larger(first.authorCount, second.authorCount),
    upvotes: larger(first.upvotes, second.upvotes),
    publishedOn: first.publishedOn ?? second.publishedOn,
  };
}

function larger(first: number | null, second: number | null): number | null {
  if (first === null || second === null) return first ?? second;
  return Math.max(first, second);
}
