import type { Paper } from '../digest/digest.ts';

/** What papers are told apart by: the same id or the same title is the same paper. */
export type Identity = Pick<Paper, 'arxivId' | 'titleKey'>;

/** Something known of papers, found by the paper. */
export type PaperIndex<T> = {
  has(paper: Identity): boolean;
  get(paper: Identity): T | undefined;
  /** Keeps what was known of the paper first. */
  add(paper: Identity, value: T): void;
};

/** An index of what is known of these papers; of the same paper the first entry counts. */
export function paperIndex<T>(entries: Iterable<readonly [Identity, T]> = []): PaperIndex<T> {
  const byTitle = new Map<string, T>();
  const byId = new Map<string, T>();
  const index: PaperIndex<T> = {
    has: paper => byTitle.has(paper.titleKey) || (!!paper.arxivId && byId.has(paper.arxivId)),
    get: paper => byTitle.get(paper.titleKey) ?? byId.get(paper.arxivId ?? ''),
    add({ titleKey, arxivId }, value) {
      if (!byTitle.has(titleKey)) byTitle.set(titleKey, value);
      if (arxivId && !byId.has(arxivId)) byId.set(arxivId, value);
    },
  };
  for (const [paper, value] of entries) index.add(paper, value);
  return index;
}

/** Whether a paper is one of these. */
export function paperSet(papers: Iterable<Identity>): { has(paper: Identity): boolean } {
  return paperIndex([...papers].map(paper => [paper, true] as const));
}
