import type { WrittenDay } from '../day-text.ts';
import type { Text } from './items.ts';
import { otherPageIn, paperPageIn } from './paper-links.ts';

/** A paper while its lines are being read. */
export type Draft = {
  readonly line: number;
  readonly title: string;
  readonly abstract: string[];
  /** Whether something stood below the abstract, so that it has ended. */
  closed: boolean;
  arxivId: string | null;
  url: string | null;
  codeUrl: string | null;
  authors: readonly string[];
  authorCount: number | null;
  upvotes: number | null;
  publishedOn: WrittenDay | null;
};

/** A draft that has only what its title says. */
export function startDraft(title: Text): Draft {
  const page = paperPageIn(title.urls);
  return {
    line: title.line,
    title: title.text,
    abstract: [],
    closed: false,
    arxivId: page?.arxivId ?? null,
    url: page?.url ?? otherPageIn(title.urls),
    codeUrl: null,
    authors: [],
    authorCount: null,
    upvotes: null,
    publishedOn: null,
  };
}
