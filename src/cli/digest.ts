import { loadConfig } from '../config.ts';
import { type Day, localDay, longDay } from '../day.ts';
import type { Digest, Paper } from '../digest/digest.ts';
import { createRuntime } from '../runtime.ts';
import { answer, answerJson, count, exitCodes, type Io } from './io.ts';
import { loadAloud } from './load.ts';

/** Parses a digest and shows it. */
export async function showDigest(
  io: Io,
  source: string | undefined,
  options: { date?: Day; json?: true },
): Promise<number> {
  const config = loadConfig();
  const runtime = createRuntime(config.logLevel);
  const referenceDay = options.date ?? localDay(runtime.now(), config.timeZone);
  const digest = await loadAloud(io, config, runtime, source, { referenceDay });
  if (options.json) answerJson(io, digestJson(digest));
  else answer(io, describe(digest));
  return exitCodes.done;
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
