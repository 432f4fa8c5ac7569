import { loadConfig } from '../config/config.ts';
import type { Digest, Paper } from '../digest/digest.ts';
import { localDay, longDay } from '../lib/day.ts';
import { UsageError } from '../lib/errors.ts';
import { createRuntime } from '../lib/runtime.ts';
import type { BacktestOptions } from './backtest.ts';
import type { ExplainOptions } from './explain.ts';
import { answer, answerJson, count, exitCodes, type Io } from './io.ts';
import { loadAloud } from './setup.ts';

export type DigestOptions = ExplainOptions &
  Pick<BacktestOptions, 'late'> & { readonly explain?: true; readonly backtest?: string };

/** Parses a digest and shows it, or why its papers are picked; or picks from stored ones. */
export async function showDigest(
  io: Io,
  source: string | undefined,
  options: DigestOptions,
): Promise<number> {
  refuseContradictions(source, options);
  if (options.backtest !== undefined) {
    return (await import('./backtest.ts')).showBacktest(io, options.backtest, options);
  }
  if (options.explain) return (await import('./explain.ts')).showExplained(io, source, options);
  const config = loadConfig();
  const runtime = createRuntime(config.logLevel);
  const referenceDay = options.date ?? localDay(runtime.now(), config.timeZone);
  const digest = await loadAloud(io, { config, runtime }, source, { referenceDay });
  if (options.json) answerJson(io, digestJson(digest));
  else answer(io, describe(digest));
  return exitCodes.done;
}

function refuseContradictions(
  source: string | undefined,
  { backtest, explain, date, papers, late }: DigestOptions,
): void {
  if (backtest !== undefined && (explain || date !== undefined || source !== undefined)) {
    throw new UsageError(
      '--backtest reads its folder alone: leave out --explain, --date and digest',
    );
  }
  if (late !== undefined && backtest === undefined) {
    throw new UsageError('--late is for --backtest');
  }
  if (papers !== undefined && backtest === undefined && !explain) {
    throw new UsageError('--papers is for --explain and --backtest');
  }
}

/** The shape that `--json` promises; `id` is the arXiv id. */
function digestJson({ date, curator, papers }: Digest) {
  return {
    date,
    curator,
    papers: papers.map(({ arxivId, titleKey, ...paper }) => ({ id: arxivId, titleKey, ...paper })),
  };
}

function describe(digest: Digest): string {
  const head = `${longDay(digest.date)} · ${count(digest.papers.length, 'paper')}`;
  const curator = digest.curator ? ` · picked by ${digest.curator}` : '';
  return [`${head}${curator}`, '', ...digest.papers.map(describePaper)].join('\n');
}

function describePaper(paper: Paper, index: number): string {
  const facts = [
    paper.upvotes === null ? null : `▲ ${paper.upvotes}`,
    paper.arxivId,
    paper.authors[0] ? `${paper.authors[0]}${paper.authors.length > 1 ? ' et al.' : ''}` : null,
  ].filter(fact => fact !== null);
  const line = `${String(index + 1).padStart(3)}  ${paper.title}`;
  return facts.length > 0 ? `${line}\n     ${facts.join(' · ')}` : line;
}
