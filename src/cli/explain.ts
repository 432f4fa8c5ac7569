import { existsSync } from 'node:fs';
import { mastheadOf } from '../app.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { type Memory, noMemory, type PastPaper, paperHistory } from '../delivery/candidates.ts';
import { choose } from '../delivery/prepare.ts';
import type { Digest } from '../digest/digest.ts';
import { describeHistory } from '../edition/paper-history.ts';
import type { Explained } from '../edition/pick.ts';
import { addDays, type Day, localDay } from '../lib/day.ts';
import { createRuntime } from '../lib/runtime.ts';
import { answer, answerJson, count, exitCodes, type Io } from './io.ts';
import { loadAloud, withApp } from './setup.ts';

export type ExplainOptions = {
  readonly date?: Day;
  readonly papers?: number;
  readonly json?: true;
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
  const request = { kind: 'daily', date, digest, papers: options.papers ?? config.papers } as const;
  const { papers, past } = await withMemory(config, async memory => ({
    papers: (await choose({ memory, masthead: mastheadOf(config) }, request)).candidates,
    past: await paperHistory(memory, addDays(date, -1)),
  }));
  const shown = new Set(papers.map(({ paper }) => paper.titleKey));
  const earlier = past.filter(({ day, paper }) => day < digest.date && !shown.has(paper.titleKey));
  if (options.json) answerJson(io, explainedJson(date, digest, papers, earlier));
  else answer(io, describe(date, digest, papers, earlier));
  return exitCodes.done;
}

/** Where there is no database yet there was no edition, and none is made by asking. */
function withMemory<T>(config: Config, use: (memory: Memory) => Promise<T>): Promise<T> {
  if (!existsSync(config.database.path)) return use(noMemory);
  return withApp(({ publishing }) => use(publishing.memory), config);
}

/** The shape that `--json` promises. */
function explainedJson(
  date: Day,
  digest: Digest,
  papers: readonly Explained[],
  earlier: readonly PastPaper[],
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
    earlier: earlier.map(({ day, paper, history }) => ({
      id: paper.arxivId,
      title: paper.title,
      day,
      outcome: history.outcome,
      reason: describeHistory(history),
    })),
  };
}

function describe(
  date: Day,
  digest: Digest,
  papers: readonly Explained[],
  earlier: readonly PastPaper[],
): string {
  const lines = [
    `The daily edition of ${date}: ${count(papers.length, 'paper')} of ${digest.date} and before`,
    '',
    ...papers.map(({ rank, outcome, paper, reason }) =>
      line(rank === null ? '–' : String(rank), outcome, paper.title, reason),
    ),
  ];
  // Those that editions had are in the archive; the others are nowhere else.
  const left = earlier.filter(({ history }) => ['dropped', 'waiting'].includes(history.outcome));
  if (left.length > 0) lines.push('', 'In no edition, of the last 30 days:', '');
  for (const { day, paper, history } of left) {
    lines.push(line('–', history.outcome, paper.title, `${day}: ${describeHistory(history)}`));
  }
  return lines.join('\n');
}

function line(rank: string, outcome: string, title: string, reason: string): string {
  return `${rank.padStart(3)}  ${outcome.padEnd(7)}  ${title}\n${' '.repeat(14)}${reason}`;
}
