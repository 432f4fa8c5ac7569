import type { Digest, Paper } from '../digest/digest.ts';
import { InputError } from '../lib/errors.ts';
import type { Choice, Edits, PaperEdit } from './edits.ts';

/** An editor's wishes as they are typed: papers by arXiv id or by number in the digest, from 1. */
export type Wishes = Pick<Edits, 'subject' | 'preheader' | 'intro'> & {
  /** These first, in this order. */
  readonly pick?: readonly string[] | undefined;
  /** Not these. */
  readonly drop?: readonly string[] | undefined;
  /** `ID=TEXT` each. */
  readonly note?: readonly string[] | undefined;
  readonly title?: readonly string[] | undefined;
  readonly summary?: readonly string[] | undefined;
};

/**
 * The edits that these wishes come to: what is named goes first, what is dropped stays below, and
 * the picker's choice fills up to `count`. Throws an InputError for a name that no paper has.
 */
export function readWishes(wishes: Wishes, digest: Digest, chosen: Choice, count: number): Edits {
  const { pick = [], drop = [], subject, preheader, intro } = wishes;
  const find = (id: string) => findPaper(id, digest).titleKey;
  const [first, without] = [pick.map(find), new Set(drop.map(find))];
  const ranked = [...chosen.picks.map(({ paper }) => paper), ...chosen.rest];
  const others = ranked.map(({ titleKey }) => titleKey).filter(key => !without.has(key));
  const most = Math.max(count, first.length);
  const picks = [...new Set([...first, ...others])].slice(0, most);
  return {
    subject,
    preheader,
    intro,
    papers: readTexts(wishes, find),
    ...(pick.length + drop.length > 0 ? { picks } : {}),
  };
}

function readTexts(wishes: Wishes, find: (id: string) => string): Record<string, PaperEdit> {
  const papers: Record<string, PaperEdit> = {};
  for (const what of ['title', 'summary', 'note'] as const) {
    for (const text of wishes[what] ?? []) {
      const [, id, words] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (id === undefined || words === undefined) {
        throw new InputError(`--${what} ${text}: write it as ID=TEXT, such as 3="Read this"`);
      }
      const key = find(id);
      papers[key] = { ...papers[key], [what]: words };
    }
  }
  return papers;
}

/** The paper with this arXiv id (a version is ignored) or number. Throws an InputError. */
export function findPaper(id: string, { papers }: Digest): Paper {
  const text = id.trim().replace(/^arxiv:/i, '');
  const byNumber = /^\d{1,4}$/.test(text) ? papers[Number(text) - 1] : undefined;
  const arxivId = text.replace(/v\d+$/, '');
  const found = byNumber ?? papers.find(paper => paper.arxivId === arxivId);
  if (found) return found;
  throw new InputError(
    `there is no paper ${id}: give its arXiv id, or its number from 1 to ${papers.length} (paperround digest shows them)`,
  );
}
