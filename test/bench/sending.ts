import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { fill, readyTemplate, sizeOf } from '../../src/mail/message/fill.ts';
import type { Rendered } from '../../src/mail/render/rendered.ts';
import type { Result, Task } from './contender.ts';
import { runContender, wireOf } from './run-contender.ts';
import { findTool, startSink } from './sink.ts';

/** How a contender did: messages a second, CPU ms a message, peak memory in MB. */
export type Figures = { readonly rate: number; readonly cpuMs: number; readonly rssMb: number };

/**
 * Runs all contenders in turn, several rounds, against one sink, each with so many `lanes`.
 * Medians, by name.
 */
export async function compareSending(
  rendered: Rendered,
  { quick, lanes }: { quick: boolean; lanes: number },
): Promise<Record<string, Figures>> {
  const wire = wireOf(rendered);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const sink = await startSink();
  const scale = quick ? 0.1 : 1;
  const run = (kind: Task['kind'], count: number, dkimKey: string | null): Figures => {
    const messages = count * scale;
    return figuresOf(
      runContender({ kind, port: sink.port, messages, lanes, dkimKey, rendered, wire }),
    );
  };
  const contenders: Record<string, () => Figures> = {
    'nodemailer pool': () => run('composing', 1_500, null),
    'nodemailer pool, raw': () => run('raw', 5_000, null),
    ours: () => run('ours', 50_000, null),
    'nodemailer pool, signed': () => run('composing', 1_000, pem),
    'ours, signed': () => run('ours', 10_000, pem),
  };
  if (findTool('smtp-source')) {
    const size = sizeOf(
      fill(readyTemplate(wire), {
        address: 'reader1@sink.example',
        reader: '1',
        unsubscribe: 'a'.repeat(42),
        preferences: 'a',
      }),
    );
    contenders['smtp-source'] = () => smtpSource(sink.port, lanes, 50_000 * scale, size);
  }
  const runs: Record<string, Figures[]> = {};
  try {
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      for (const [name, contender] of Object.entries(contenders)) {
        runs[name] = [...(runs[name] ?? []), contender()];
      }
    }
  } finally {
    sink.stop();
  }
  return Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, median(all)]));
}

function figuresOf({ messages, seconds, cpuMs, rssMb }: Result): Figures {
  return { rate: messages / seconds, cpuMs: cpuMs / messages, rssMb };
}

function smtpSource(port: number, lanes: number, messages: number, size: number): Figures {
  const started = performance.now();
  const tool = findTool('smtp-source') ?? '';
  spawnSync(
    tool,
    [
      '-d',
      '-s',
      `${lanes}`,
      '-l',
      `${size}`,
      '-m',
      `${messages}`,
      '-f',
      'papers@example.org',
      '-t',
      'reader@sink.example',
      `127.0.0.1:${port}`,
    ],
    { stdio: 'inherit' },
  );
  return {
    rate: messages / ((performance.now() - started) / 1000),
    cpuMs: Number.NaN,
    rssMb: Number.NaN,
  };
}

function median(all: readonly Figures[]): Figures {
  const of = (pick: (figures: Figures) => number) =>
    all.map(pick).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
  return {
    rate: of(({ rate }) => rate),
    cpuMs: of(({ cpuMs }) => cpuMs),
    rssMb: of(({ rssMb }) => rssMb),
  };
}
