import type { Digest, Paper } from '../digest/digest.ts';
import { addDays, type Day } from '../lib/day.ts';
import type { Candidate } from './pick.ts';

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

/** On which date an edition had a paper. */
export type PaperDates = Pick<PaperIndex<Day>, 'get'>;

/** A paper as it was last seen on the list of one of the source's days. */
export type SeenPaper = { readonly day: Day; readonly paper: Paper };

/** How many days after its own a paper may still come. */
export const carryDays = 7;

/** What became of a paper that was seen. `on` is the edition's date. */
export type PaperHistory =
  | { readonly outcome: 'picked' | 'listed'; readonly on: Day }
  | { readonly outcome: 'waiting'; readonly until: Day }
  | { readonly outcome: 'dropped'; readonly reason: string };

/** What histories are read from: the dates of the editions that had a paper. */
export type HistoryRules = {
  readonly picked: PaperDates;
  /** Below the picks, by title alone. */
  readonly listed: PaperDates;
  /** The day of the first edition's digest; null before there is one. What is older is not ours. */
  readonly since: Day | null;
};

/** Up to `today`: every paper was picked, listed or dropped, or waits for the next edition. */
export function historyOf(
  { day, paper }: SeenPaper,
  rules: HistoryRules,
  today: Day,
): PaperHistory {
  const [picked, listed] = [rules.picked.get(paper), rules.listed.get(paper)];
  if (picked !== undefined) return { outcome: 'picked', on: picked };
  if (listed !== undefined) return { outcome: 'listed', on: listed };
  if (rules.since !== null && day < rules.since) {
    const reason = `it is older than the first edition, of ${rules.since}`;
    return { outcome: 'dropped', reason };
  }
  const until = addDays(day, carryDays);
  if (today <= until) return { outcome: 'waiting', until };
  const reason = `no edition up to ${until} (${carryDays} days) could take it`;
  return { outcome: 'dropped', reason };
}

/** A history in words. */
export function describeHistory(history: PaperHistory): string {
  if (history.outcome === 'waiting') return `may come until ${history.until}`;
  if (history.outcome === 'dropped') return history.reason;
  return `${history.outcome} in the edition of ${history.on}`;
}

/**
 * The papers of earlier days that no edition had, because they came on their list when its edition
 * was out, because that day had none, or because they did not fit. Each once, the younger first; none
 * that is in `digest`. Of each day, `seen` is in its list's order.
 */
export function latePapers(
  digest: Digest,
  seen: readonly SeenPaper[],
  rules: HistoryRules,
): Candidate[] {
  if (rules.since === null) return [];
  const from = addDays(digest.date, -carryDays);
  const before = seen.filter(({ day }) => day < digest.date && day >= from);
  const days = [...new Set(before.map(({ day }) => day))].sort().reverse();
  const known = paperIndex(digest.papers.map(paper => [paper, true]));
  return days.flatMap((day, at) =>
    before.flatMap(one => {
      const { paper } = one;
      if (one.day !== day || known.has(paper)) return [];
      if (historyOf(one, rules, digest.date).outcome !== 'waiting') return [];
      known.add(paper, true);
      return [{ paper, day, age: at + 1 }];
    }),
  );
}
