import type { Digest, Paper } from '../digest/digest.ts';
import { mergePapers } from '../digest/paper.ts';
import type { EditionIdentity, EditionKind } from '../edition/edition.ts';
import {
  carryDays,
  historyOf,
  latePapers,
  type PaperDates,
  type PaperHistory,
  paperIndex,
  type SeenPaper,
} from '../edition/paper-history.ts';
import type { Candidate } from '../edition/pick.ts';
import { addDays, type Day } from '../lib/day.ts';
import type { Database } from '../store/database.ts';
import { findEdition, type StoredEdition } from '../store/editions.ts';
import {
  type CarriedOn,
  carriedOn,
  carriedPapers,
  firstDigestDay,
  seenPapers,
} from '../store/papers.ts';

/** What is remembered from edition to edition, wherever it is kept. It is only read here. */
export type Memory = {
  /** The edition of this identity that was not cancelled; null where there is none. */
  find(identity: EditionIdentity): Promise<StoredEdition | null>;
  /** Which of `papers` editions of this kind with another date picked, and on which date. */
  carried(kind: EditionKind, date: Day, papers: readonly Paper[]): Promise<PaperDates>;
  /** What editions of this kind had that are dated from `from` and before `before`. */
  had(kind: EditionKind, dates: { readonly from: Day; readonly before: Day }): Promise<CarriedOn>;
  /** What was seen on the source's lists of the days `from`–`to`, the newest day first. */
  seen(days: { readonly from: Day; readonly to: Day }): Promise<readonly SeenPaper[]>;
  /** The day of the digest of the first edition of this kind; null where there is none. */
  firstDay(kind: EditionKind): Promise<Day | null>;
};

/** What the database remembers. */
export function rememberedIn(db: Database): Memory {
  return {
    find: identity => findEdition(db, identity),
    carried: (...which) => carriedPapers(db, ...which),
    had: (...which) => carriedOn(db, ...which),
    seen: days => seenPapers(db, days),
    firstDay: kind => firstDigestDay(db, kind),
  };
}

/** Before the first edition, and where one begins anew. */
export const noMemory: Memory = {
  find: async () => null,
  carried: async () => paperIndex(),
  had: async () => ({ picked: paperIndex(), listed: paperIndex() }),
  seen: async () => [],
  firstDay: async () => null,
};

/** What an edition may be picked from. */
export type Candidates = {
  /** Of a weekly edition the whole week's papers. */
  readonly digest: Digest;
  /** What editions of its kind with another date have picked, and on which. */
  readonly carried: PaperDates;
  /** Papers of earlier days that no edition had. */
  readonly late: readonly Candidate[];
};

type Search = { readonly kind: EditionKind; readonly date: Day; readonly digest: Digest };

/**
 * Finds what an edition may be picked from. Daily: its digest, and papers of the days before that
 * came too late. Weekly: its digest and what was seen of the seven days before it, whatever daily
 * editions carried, with the newest numbers. Manual: its digest.
 */
export async function findCandidates(memory: Memory, wanted: Search): Promise<Candidates> {
  const { kind, date } = wanted;
  const digest = kind === 'weekly' ? await wholeWeek(memory, wanted) : wanted.digest;
  const late = kind === 'daily' ? await findLate(memory, wanted) : [];
  const papers = [...digest.papers, ...late.map(({ paper }) => paper)];
  return { digest, late, carried: await memory.carried(kind, date, papers) };
}

async function wholeWeek(memory: Memory, { date, digest }: Search): Promise<Digest> {
  const seen = await memory.seen({ from: addDays(date, -7), to: addDays(date, -1) });
  return { ...digest, papers: mergePapers([...digest.papers, ...seen.map(({ paper }) => paper)]) };
}

async function findLate(memory: Memory, { kind, date, digest }: Search): Promise<Candidate[]> {
  const from = addDays(digest.date, -carryDays);
  const seen = await memory.seen({ from, to: addDays(digest.date, -1) });
  if (seen.length === 0) return [];
  // An edition may be a day behind its digest's, where its time zone is.
  const had = await memory.had(kind, { from: addDays(from, -1), before: date });
  return latePapers(digest, seen, { ...had, since: await memory.firstDay(kind) });
}

/** A paper that was seen, and what became of it. */
export type PastPaper = SeenPaper & { readonly history: PaperHistory };

/** How many days back papers are told of: as long as what was seen is surely kept. */
const historyDays = 30;

/**
 * What became, up to and with the daily edition of `today`, of every paper seen on the lists of the
 * last 30 days; the newest day first.
 */
export async function paperHistory(memory: Memory, today: Day): Promise<PastPaper[]> {
  const from = addDays(today, -historyDays);
  const tomorrow = addDays(today, 1);
  const seen = await memory.seen({ from, to: tomorrow });
  const had = await memory.had('daily', { from: addDays(from, -1), before: tomorrow });
  const rules = { ...had, since: await memory.firstDay('daily') };
  return seen.map(one => ({ ...one, history: historyOf(one, rules, today) }));
}
