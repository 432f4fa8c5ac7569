import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDigest } from '../../src/digest/parse.ts';
import { composeEdition } from '../../src/edition/compose.ts';
import { paperIndex } from '../../src/edition/paper-history.ts';
import { pickPapers } from '../../src/edition/pick.ts';
import { buildWireTemplate } from '../../src/mail/message/wire-template.ts';
import type { Rendered } from '../../src/mail/render/rendered.ts';
import { createRenderer, type Renderer } from '../../src/mail/render/renderer.ts';
import { digestName, masthead, readMeasured, templates } from './edition.ts';

const stages = ['parse', 'pick', 'compose', 'render', 'encode'] as const;

/** What happens once per edition, in the order in which it happens. */
export type Stage = (typeof stages)[number];

type StagesMs = Readonly<Record<Stage, number>>;

/** Medians; the stages therefore add up to `allMs` only nearly. */
export type RenderingFigures = {
  /** The capture's file name, or `sample`. */
  readonly digest: string;
  readonly papers: number;
  readonly picks: number;
  readonly htmlBytes: number;
  /** All stages together, once warm. */
  readonly allMs: number;
  readonly stagesMs: StagesMs;
  /** `preview --out` as a whole process, from start to end. */
  readonly previewMs: number;
};

const date = '2025-09-03';
const sender = {
  from: { name: masthead.name, address: 'papers@example.org' },
  replyTo: null,
  listName: masthead.name,
  unsubscribeBase: `${masthead.links.base}/unsubscribe/`,
};

/** Does what is done once per edition, and looks at the clock after each stage. */
async function prepareTimed(renderer: Renderer, bytes: Uint8Array) {
  const times = [performance.now()];
  const lap = <T>(result: T): T => {
    times.push(performance.now());
    return result;
  };
  const digest = lap(parseDigest(bytes, { referenceDay: date, source: digestName }));
  const { picks, rest } = lap(pickPapers(digest, { count: 10, carried: paperIndex() }));
  const edition = lap(
    composeEdition({ kind: 'daily', date, digest, picks, rest, name: masthead.name }),
  );
  const rendered = lap(await renderer.renderEdition(edition, masthead));
  lap(buildWireTemplate(rendered, sender, { sendAt: Date.UTC(2025, 8, 3), seed: 'bench' }));
  const laps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  return { laps, allMs: (times.at(-1) ?? 0) - (times[0] ?? 0), digest, rendered };
}

/** The rendered edition that every contender sends. */
export async function renderOnce(): Promise<Rendered> {
  return (await prepareTimed(createRenderer({ templates }), readMeasured())).rendered;
}

/** Measures what is done once per edition, stage by stage, and `preview` as a whole process. */
export async function measureRendering({ quick }: { quick: boolean }): Promise<RenderingFigures> {
  const bytes = readMeasured();
  const renderer = createRenderer({ templates });
  for (let run = 0; run < 20; run += 1) await prepareTimed(renderer, bytes);
  const runs = [await prepareTimed(renderer, bytes)];
  while (runs.length < 31) runs.push(await prepareTimed(renderer, bytes));
  const { digest, rendered } = await prepareTimed(renderer, bytes);
  const stageMs = (stage: Stage) =>
    median(runs.map(({ laps }) => laps[stages.indexOf(stage)] ?? Number.NaN));
  return {
    digest: digestName,
    papers: digest.papers.length,
    picks: rendered.picks,
    htmlBytes: Buffer.byteLength(rendered.html),
    allMs: median(runs.map(({ allMs }) => allMs)),
    stagesMs: Object.fromEntries(stages.map(stage => [stage, stageMs(stage)])) as StagesMs,
    previewMs: measurePreview(quick ? 3 : 7),
  };
}

/** The built program, beside `build/`, in which this file is when it runs. */
const program = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

function measurePreview(runs: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
  const args = [
    program,
    'preview',
    join(folder, digestName),
    '--date',
    date,
    '--out',
    join(folder, 'preview'),
  ];
  writeFileSync(join(folder, digestName), readMeasured());
  try {
    const times = Array.from({ length: runs }, () => {
      const started = performance.now();
      // No settings but these, whatever those of the machine are.
      const env = { PATH: process.env.PATH, HOME: folder };
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env });
      if (status !== 0) throw new Error(`preview failed: ${stderr}`);
      return performance.now() - started;
    });
    return median(times);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
