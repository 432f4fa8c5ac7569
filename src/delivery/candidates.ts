import type { Digest } from '../digest/digest.ts';
import { mergePapers } from '../digest/merge.ts';
import type { EditionKind } from '../edition/edition.ts';
import { carryDays, latePapers } from '../edition/late.ts';
import { type Identity, paperSet } from '../edition/paper-index.ts';
import type { Candidate } from '../edition/rank.ts';
import { addDays, type Day } from '../lib/day.ts';
import type { Database } from '../store/database.ts';
import { carriedOn, carriedPapers, firstDigestDay, seenPapers } from '../store/papers.ts';

/** What an edition may be picked from. */
export type Candidates = {
  /** Of a weekly edition the whole week's papers. */
  readonly digest: Digest;
  /** What editions of its kind with another date have carried. */
  readonly carried: { has(paper: Identity): boolean };
  /** Papers of earlier days that no edition had. */
  readonly late: readonly Candidate[];
};

type Wanted = { readonly kind: EditionKind; readonly date: Day; readonly digest: Digest };

/**
 * Finds what an edition may be picked from. Daily: its digest, and papers of the days before that
 * came too late. Weekly: its digest and what was seen of the seven days before it, whatever daily
 * editions carried, with the newest numbers. Manual: its digest.
 */
export async function findCandidates(db: Database, wanted: Wanted): Promise<Candidates> {
  const { kind, date } = wanted;
  const digest = kind === 'weekly' ? await wholeWeek(db, wanted) : wanted.digest;
  const late = kind === 'daily' ? await findLate(db, wanted) : [];
  const papers = [...digest.papers, ...late.map(({ paper }) => paper)];
  return { digest, late, carried: await carriedPapers(db, kind, date, papers) };
}

async function wholeWeek(db: Database, { date, digest }: Wanted): Promise<Digest> {
  const seen = await seenPapers(db, { from: addDays(date, -7), to: addDays(date, -1) });
  return { ...digest, papers: mergePapers([...digest.papers, ...seen.map(({ paper }) => paper)]) };
}

async function findLate(db: Database, { kind, date, digest }: Wanted): Promise<Candidate[]> {
  const from = addDays(digest.date, -carryDays);
  const seen = await seenPapers(db, { from, to: addDays(digest.date, -1) });
  if (seen.length === 0) return [];
  // An edition may be a day behind its digest's, where its time zone is.
  const { picked, listed } = await carriedOn(db, kind, { from: addDays(from, -1), before: date });
  const had = { has: (paper: Identity) => picked.has(paper) || listed.has(paper) };
  return latePapers(digest, { seen, had, since: await firstDigestDay(db, kind) });
}

/** The same of an edition that begins anew, whatever was carried. */
export function startingOver(digest: Digest): Candidates {
  return { digest, late: [], carried: paperSet([]) };
}
