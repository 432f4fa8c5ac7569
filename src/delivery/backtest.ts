import { createHash } from 'node:crypto';
import type { Digest, Paper } from '../digest/digest.ts';
import { parseDigest } from '../digest/parse.ts';
import { carryDays, historyOf, paperIndex, type SeenPaper } from '../edition/paper-history.ts';
import { addDays, type Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CarriedOn } from '../store/papers.ts';
import { type Memory, noMemory } from './candidates.ts';
import { type PrepareParts, prepare } from './prepare.ts';

/** A day's list as a source answered it. */
export type StoredList = {
  readonly name: string;
  readonly day: Day;
  /** Throws InputError where there is nothing to read. */
  readonly read: () => Uint8Array;
};

/** What one day's edition came to. */
export type BacktestDay = Awaited<ReturnType<typeof oneDay>>;

/** What all days came to, and the lists that could not be read, with the reason. */
export type Backtest = Awaited<ReturnType<typeof backtest>>;

export type BacktestParts = Omit<PrepareParts, 'memory'> & {
  readonly runtime: Pick<Runtime, 'log' | 'now'>;
  /** How many papers an edition picks. */
  readonly papers: number;
  /** Which share of each list comes only after the morning (0–1), by a hash of the titles. */
  readonly late?: number;
};

/** How many times the upvotes stored a late paper has by the next morning; see `ranking`. */
const lateGrowth = 3;

/** What is remembered from edition to edition, in the place of the database. */
function emptyRecords(): CarriedOn & { seen: SeenPaper[]; first: Day | null } {
  return { seen: [], first: null, picked: paperIndex(), listed: paperIndex() };
}

/** What a day comes to on which nothing is new. */
const nothing = { edition: { picks: [], also: [] }, rendered: { html: '', text: '' } } as const;

type Records = ReturnType<typeof emptyRecords>;

const memoryOf = (records: Records): Memory => ({
  ...noMemory,
  carried: async () => records.picked,
  had: async () => records,
  seen: async ({ from, to }) => records.seen.filter(({ day }) => day >= from && day <= to),
  firstDay: async () => records.first,
});

/** Prepares an edition of each list, which come in the order of their days, in memory. */
export async function backtest(lists: readonly StoredList[], options: BacktestParts) {
  const records = emptyRecords();
  // The first rendering of a process takes ten times as long as the others.
  if (lists[0]) await oneDay(lists[0], emptyRecords(), options).catch(() => 'told below');
  const days: BacktestDay[] = [];
  const skipped: { name: string; day: Day; reason: string }[] = [];
  for (const list of lists) {
    try {
      days.push(await oneDay(list, records, options));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      skipped.push({ name: list.name, day: list.day, reason: error.message });
    }
  }
  return { days: days.map(day => ({ ...day, neverSent: neverSent(day.day, records) })), skipped };
}

/** Counts are papers. */
async function oneDay({ name, day, read }: StoredList, records: Records, options: BacktestParts) {
  const { runtime, papers } = options;
  const bytes = read();
  const started = runtime.now();
  const whole = parseDigest(bytes, { source: name, referenceDay: day });
  const { digest, afterwards } = byTime({ ...whole, date: day }, options);
  const request = { kind: 'daily', date: day, digest, papers } as const;
  const prepared = await prepare({ ...options, memory: memoryOf(records) }, request);
  const ms = runtime.now() - started;
  const { candidates } = prepared;
  const { edition, rendered } = prepared.edition === null ? nothing : prepared;
  const picks = edition.picks.map(({ paper }) => paper);
  const listed = edition.also;
  const late = paperIndex(candidates.flatMap(one => (one.day < day ? [[one.paper, true]] : [])));
  const repeats = picks.filter(paper => records.picked.has(paper)).length;
  records.first ??= day;
  for (const paper of picks) records.picked.add(paper, day);
  for (const paper of listed) records.listed.add(paper, day);
  for (const paper of [...digest.papers, ...afterwards]) records.seen.push({ day, paper });
  return {
    day,
    papers: whole.papers.length,
    picks: picks.length,
    // Papers of earlier days among the picks, and below them.
    carriedOver: picks.filter(paper => late.has(paper)).length,
    carriedListed: listed.filter(paper => late.has(paper)).length,
    listed: listed.length,
    // Papers of this day that no edition ever had: known when their time is over.
    neverSent: 0,
    // Picks that an earlier edition had, too: there should be none.
    repeats,
    htmlBytes: Buffer.byteLength(rendered.html),
    textBytes: Buffer.byteLength(rendered.text),
    // From the stored bytes to the rendered parts.
    ms,
  };
}

/** What of a list is there in the morning, and what comes afterwards. A list is never empty. */
function byTime(digest: Digest, { late = 0 }: BacktestParts) {
  const inTime = digest.papers.filter(paper => chance(paper) >= late);
  if (inTime.length === 0) return { digest, afterwards: [] };
  const afterwards = digest.papers
    .filter(paper => chance(paper) < late)
    .map(paper => ({
      ...paper,
      upvotes: paper.upvotes === null ? null : paper.upvotes * lateGrowth,
    }));
  return { digest: { ...digest, papers: inTime }, afterwards };
}

/** 0–1, the same for the same title. */
function chance({ titleKey }: Paper): number {
  return createHash('sha256').update(titleKey).digest().readUInt32BE() / 2 ** 32;
}

/** How many papers of `day` were dropped, or are waiting since the lists ended. */
function neverSent(day: Day, { seen, picked, listed }: Records): number {
  const rules = { picked, listed, since: null };
  const over = addDays(day, carryDays + 1);
  const own = seen.filter(one => one.day === day);
  return own.filter(one => historyOf(one, rules, over).outcome === 'dropped').length;
}
