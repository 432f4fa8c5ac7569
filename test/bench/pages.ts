import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  formRequest,
  getRequest,
  type Latencies,
  latenciesAt,
  oneClick,
  openClient,
  rateOf,
} from './load.ts';
import { startSink } from './sink.ts';
import { known, standings } from './standings.ts';
import type { ServerReady, ServerTask } from './web-server.ts';

/** How the pages are served: answers a second, and ms an answer while an edition is delivered. */
export type PagesFigures = {
  readonly bareRate: number;
  readonly oursRate: number;
  readonly pageBytes: number;
  /** Messages a second meanwhile. */
  readonly delivering: number;
  readonly pages: Latencies;
  readonly leaving: Latencies;
  /** The median time in ms to answer a sign-up, by what is known of the address. */
  readonly answers: Readonly<Record<string, number>>;
};

const script = fileURLToPath(new URL('./web-server.js', import.meta.url));

/**
 * The first page beside a bare node:http server that returns the same bytes, in turn; then 500
 * pages and 20 unsubscriptions a second while the same process delivers at full speed.
 */
export async function measurePages({ quick }: { quick: boolean }): Promise<PagesFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
  const ms = quick ? 500 : 3_000;
  const ours = await startServer({ kind: 'ours', smtpPort: null, readers: 10 });
  try {
    const page = Buffer.from(await (await fetch(`http://127.0.0.1:${ours.port}/`)).arrayBuffer());
    const file = join(folder, 'page.html');
    writeFileSync(file, page);
    const bare = await startServer({ kind: 'bare', file });
    const rates: { bare: number[]; ours: number[] } = { bare: [], ours: [] };
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      for (const [name, { port }] of Object.entries({ bare, ours })) {
        const load = { connections: 64, ms };
        rates[name as 'bare' | 'ours'].push(await rateOf(port, getRequest('/'), load));
      }
    }
    bare.child.kill('SIGKILL');
    const busy = await whileDelivering(quick ? 2_000 : 10_000);
    const bareRate = median(rates.bare);
    const answers = await measureAnswers(ours.port);
    return { bareRate, oursRate: median(rates.ours), pageBytes: page.length, ...busy, answers };
  } finally {
    ours.child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

async function whileDelivering(ms: number) {
  const sink = await startSink();
  const server = await startServer({ kind: 'ours', smtpPort: sink.port, readers: 200_000 });
  try {
    // Connections are opened and code is compiled first.
    await latenciesAt(server.port, 500, 500, () => getRequest('/'));
    const started = performance.now();
    const [pages, leaving] = await Promise.all([
      latenciesAt(server.port, 500, ms, () => getRequest('/')),
      latenciesAt(server.port, 20, ms, at => oneClick(`/unsubscribe/${server.tokens[at]}`)),
    ]);
    const seconds = (performance.now() - started + 500) / 1000;
    server.child.kill('SIGTERM');
    const sent = await server.sent;
    return { pages, leaving, delivering: sent / seconds };
  } finally {
    server.child.kill('SIGKILL');
    sink.stop();
  }
}

/** Signs up addresses of each standing in turn. `unknown again`: the same twice is the noise. */
async function measureAnswers(port: number): Promise<Record<string, number>> {
  const page = await (await fetch(`http://127.0.0.1:${port}/subscribe`)).text();
  const stamp = /name="stamp" value="([^"]+)"/.exec(page)?.[1] ?? '';
  await new Promise(resolve => setTimeout(resolve, 3_000));
  const client = await openClient(port);
  const groups = [...standings, 'unknown again'];
  const times: Record<string, number[]> = Object.fromEntries(groups.map(name => [name, []]));
  for (let at = 0; at < known; at += 1) {
    // Not in the same order each time.
    for (let turn = 0; turn < groups.length; turn += 1) {
      const name = groups[(at + turn) % groups.length] ?? '';
      const address = `${name.replace(' ', '-')}${at}@known.example`;
      const fields = { address, frequency: 'daily', website: '', stamp };
      const from = `10.${at}.${turn}.1`;
      const request = formRequest('/subscribe', fields, from);
      const started = performance.now();
      const { status } = await client.ask(request);
      if (status !== 200) throw new Error(`answered ${status}`);
      times[name]?.push(performance.now() - started);
    }
  }
  client.close();
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

type Server = ServerReady & { readonly child: ChildProcess; readonly sent: Promise<number> };

async function startServer(task: ServerTask): Promise<Server> {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = await lines.next();
  const ready: ServerReady = JSON.parse(value);
  const sent = lines.next().then(({ value }) => (value ? JSON.parse(value).sent : 0));
  return { ...ready, child, sent };
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}
