import { createHash } from 'node:crypto';
import type { Digest, Paper } from '../digest/digest.ts';
import { parseDigest } from '../digest/parse.ts';
import { composeEdition } from '../edition/compose.ts';
import { fateOf } from '../edition/fate.ts';
import { carryDays, latePapers, type SeenPaper } from '../edition/late.ts';
import { type Identity, type PaperIndex, paperIndex } from '../edition/paper-index.ts';
import { pickPapers } from '../edition/pick.ts';
import { type Ranking, ranking } from '../edition/rank.ts';
import { addDays, type Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import type { Masthead } from '../mail/render/rendered.ts';
import type { Renderer } from '../mail/render/renderer.ts';

/** A day's list as a source answered it. */
export type StoredList = {
  readonly name: string;
  readonly day: Day;
  /** Throws InputError where there is nothing to read. */
  readonly read: () => Uint8Array;
};

/** What one day's edition came to. Counts are papers, sizes bytes. */
export type BacktestDay = {
  readonly day: Day;
  readonly papers: number;
  readonly picks: number;
  /** Papers of earlier days among the picks, and below them. */
  readonly carriedOver: number;
  readonly carriedListed: number;
  readonly listed: number;
  /** Papers of this day that no edition ever had; known when their time is over. */
  readonly neverSent: number;
  /** Picks that an earlier edition had, too: there should be none. */
  readonly repeats: number;
  readonly htmlBytes: number;
  readonly textBytes: number;
  /** From the stored bytes to the rendered parts. */
  readonly ms: number;
};

/** A list that could not be read, and why. */
export type BacktestSkipped = { readonly name: string; readonly day: Day; readonly reason: string };

export type Backtest = {
  readonly days: readonly BacktestDay[];
  readonly skipped: readonly BacktestSkipped[];
};

export type BacktestOptions = {
  /** How many papers an edition picks. */
  readonly papers: number;
  /** Makes the parts; null: none are made, and sizes are 0. */
  readonly renderer: Renderer | null;
  readonly masthead: Masthead;
  /** Milliseconds. */
  readonly now: () => number;
  readonly ranking?: Ranking;
  /** Which share of each list comes only after the morning (0–1), by a hash of the titles. */
  readonly late?: number;
};

/** How many times the upvotes stored a late paper has by the next morning; see `ranking`. */
const lateGrowth = 3;

/** What is remembered from edition to edition; what the database holds when it is done for real. */
type Memory = {
  readonly seen: SeenPaper[];
  readonly picked: PaperIndex<Day>;
  readonly listed: PaperIndex<Day>;
};

/** Makes an edition of each list, which come in the order of their days, in memory. */
export async function backtest(
  lists: readonly StoredList[],
  options: BacktestOptions,
): Promise<Backtest> {
  const memory = emptyMemory();
  // The first rendering of a process takes ten times as long as the others.
  if (lists[0])
    await oneDay(lists[0], emptyMemory(), lists[0].day, options).catch(() => 'told below');
  const days: BacktestDay[] = [];
  const skipped: BacktestSkipped[] = [];
  for (const list of lists) {
    try {
      days.push(await oneDay(list, memory, days[0]?.day ?? list.day, options));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      skipped.push({ name: list.name, day: list.day, reason: error.message });
    }
  }
  return { days: days.map(day => ({ ...day, neverSent: neverSent(day.day, memory) })), skipped };
}

function emptyMemory(): Memory {
  return { seen: [], picked: paperIndex(), listed: paperIndex() };
}

async function oneDay(
  list: StoredList,
  memory: Memory,
  since: Day,
  options: BacktestOptions,
): Promise<BacktestDay> {
  const bytes = list.read();
  const started = options.now();
  const whole = parseDigest(bytes, { source: list.name, referenceDay: list.day });
  const { digest, afterwards } = byTime({ ...whole, date: list.day }, options);
  const had = { has: (paper: Identity) => memory.picked.has(paper) || memory.listed.has(paper) };
  const recent = memory.seen.filter(({ day }) => day >= addDays(list.day, -carryDays));
  const late = latePapers(digest, { seen: recent, had, since });
  const rules = { count: options.papers, carried: memory.picked, late };
  const found = pickPapers(digest, { ...rules, ranking: options.ranking ?? ranking });
  const edition = composeEdition({
    kind: 'daily',
    date: list.day,
    digest,
    late: late.length,
    picks: found.picks,
    rest: found.rest,
    name: options.masthead.name,
  });
  const rendered = await options.renderer?.renderEdition(edition, options.masthead);
  const ms = options.now() - started;
  const picks = edition.picks.slice(0, rendered?.picks).map(({ paper }) => paper);
  const repeats = picks.filter(paper => memory.picked.has(paper)).length;
  const isLate = new Set(late.map(({ paper }) => paper));
  for (const paper of picks) memory.picked.add(paper, list.day);
  for (const paper of found.rest) memory.listed.add(paper, list.day);
  for (const paper of [...digest.papers, ...afterwards]) memory.seen.push({ day: list.day, paper });
  return {
    day: list.day,
    papers: whole.papers.length,
    picks: picks.length,
    carriedOver: picks.filter(paper => isLate.has(paper)).length,
    carriedListed: found.rest.filter(paper => isLate.has(paper)).length,
    listed: found.rest.length,
    neverSent: 0,
    repeats,
    htmlBytes: Buffer.byteLength(rendered?.html ?? ''),
    textBytes: Buffer.byteLength(rendered?.text ?? ''),
    ms,
  };
}

/** What of a list is there in the morning, and what comes afterwards. A list is never empty. */
function byTime(digest: Digest, { late = 0 }: BacktestOptions) {
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
function neverSent(day: Day, { seen, picked, listed }: Memory): number {
  const rules = { picked, listed, since: null, today: addDays(day, carryDays + 1) };
  return seen.filter(one => one.day === day && fateOf(one, rules).fate === 'dropped').length;
}
