import { existsSync } from 'node:fs';
import { type Config, loadConfig } from '../config/config.ts';
import { type Candidates, findCandidates, startingOver } from '../delivery/candidates.ts';
import { type FateOfPaper, paperFates } from '../delivery/fates.ts';
import type { Digest } from '../digest/digest.ts';
import { type Explained, explainPicks } from '../edition/explain.ts';
import { describeFate } from '../edition/fate.ts';
import { type PaperIndex, paperIndex } from '../edition/paper-index.ts';
import { pickPapers } from '../edition/pick.ts';
import { addDays, type Day, localDay } from '../lib/day.ts';
import { createRuntime } from '../lib/runtime.ts';
import { carriedOn } from '../store/papers.ts';
import { answer, answerJson, count, exitCodes, type Io } from './io.ts';
import { loadAloud } from './load.ts';
import { withApp } from './with-app.ts';

export type ExplainOptions = {
  readonly date?: Day;
  readonly papers?: number;
  readonly json?: true;
};

/** What is known from earlier editions. */
type Known = {
  readonly candidates: Candidates;
  readonly carried: PaperIndex<Day>;
  readonly fates: readonly FateOfPaper[];
};

/** Says of each paper why the daily edition picks it or not, and what became of earlier ones. */
export async function showExplained(
  io: Io,
  source: string | undefined,
  options: ExplainOptions,
): Promise<number> {
  const config = loadConfig();
  const runtime = createRuntime(config.logLevel);
  const date = options.date ?? localDay(runtime.now(), config.timeZone);
  const digest = await loadAloud(io, { config, runtime }, source, { referenceDay: date });
  const { candidates, carried, fates } = await whatIsKnown(config, date, digest);
  const picked = pickPapers(candidates.digest, {
    ...candidates,
    count: options.papers ?? config.papers,
  });
  const papers = explainPicks(candidates.digest, picked, carried);
  const shown = new Set(papers.map(({ paper }) => paper.titleKey));
  const earlier = fates.filter(({ day, paper }) => day < digest.date && !shown.has(paper.titleKey));
  if (options.json) answerJson(io, explainedJson(date, digest, papers, earlier));
  else answer(io, describe(date, digest, papers, earlier));
  return exitCodes.done;
}

/** Where there is no database yet there was no edition, and none is made by asking. */
async function whatIsKnown(config: Config, date: Day, digest: Digest): Promise<Known> {
  if (!existsSync(config.database.path)) {
    return { candidates: startingOver(digest), carried: paperIndex(), fates: [] };
  }
  return withApp(async ({ db }) => {
    const always = { from: '0000-01-01', before: date };
    return {
      candidates: await findCandidates(db, { kind: 'daily', date, digest }),
      carried: (await carriedOn(db, 'daily', always)).picked,
      fates: await paperFates(db, addDays(date, -1)),
    };
  }, config);
}

/** The shape that `--json` promises. */
function explainedJson(
  date: Day,
  digest: Digest,
  papers: readonly Explained[],
  earlier: readonly FateOfPaper[],
) {
  return {
    date,
    digestDate: digest.date,
    papers: papers.map(({ paper, ...rest }) => ({
      id: paper.arxivId,
      title: paper.title,
      upvotes: paper.upvotes,
      ...rest,
    })),
    earlier: earlier.map(({ day, paper, fate }) => ({
      id: paper.arxivId,
      title: paper.title,
      day,
      outcome: fate.fate,
      reason: describeFate(fate),
    })),
  };
}

function describe(
  date: Day,
  digest: Digest,
  papers: readonly Explained[],
  earlier: readonly FateOfPaper[],
): string {
  const lines = [
    `The daily edition of ${date}: ${count(papers.length, 'paper')} of ${digest.date} and before`,
    '',
    ...papers.map(({ rank, outcome, paper, reason }) =>
      line(rank === null ? '–' : String(rank), outcome, paper.title, reason),
    ),
  ];
  // Those that editions had are in the archive; the others are nowhere else.
  const left = earlier.filter(({ fate }) => fate.fate === 'dropped' || fate.fate === 'waiting');
  if (left.length > 0) lines.push('', 'In no edition, of the last 30 days:', '');
  for (const { day, paper, fate } of left) {
    lines.push(line('–', fate.fate, paper.title, `${day}: ${describeFate(fate)}`));
  }
  return lines.join('\n');
}

function line(rank: string, outcome: string, title: string, reason: string): string {
  return `${rank.padStart(3)}  ${outcome.padEnd(7)}  ${title}\n${' '.repeat(14)}${reason}`;
}
