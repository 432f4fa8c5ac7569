import { loadConfig } from '../config.ts';
import { type Day, localDay, longDay } from '../day.ts';
import type { Digest, Paper } from '../digest/digest.ts';
import { loadDigest } from '../digest/load.ts';
import { UsageError } from '../errors.ts';
import { createRuntime } from '../runtime.ts';
import { answer, answerJson, count, exitCodes, type Io } from './io.ts';

/** Parses a digest and shows it. */
export async function showDigest(
  io: Io,
  source: string | undefined,
  options: { date?: Day; json?: true },
): Promise<number> {
  const config = loadConfig();
  const today = localDay(createRuntime(config.logLevel).now(), config.timeZone);
  const digest = await loadDigest(digestSource(source, config.digest), {
    referenceDay: options.date ?? today,
    stdin: io.stdin,
  });
  if (options.json) answerJson(io, digestJson(digest));
  else answer(io, describe(digest));
  return exitCodes.done;
}

/** What to read: what was named, else DIGEST. */
export function digestSource(named: string | undefined, setting: string | null): string {
  const source = named ?? setting;
  if (source) return source;
  throw new UsageError('which digest? Name a file, a URL, "-" or "sample", or set DIGEST');
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
