import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A server that takes every message and keeps none. */
export type Sink = { readonly name: string; readonly port: number; stop(): void };

/** Postfix's own where it is installed, else the bundled one; in a process of its own. */
export async function startSink(): Promise<Sink> {
  const port = await freePort();
  const [name, child] = findTool('smtp-sink') ? postfixSink(port) : bundledSink(port);
  await untilListening(port, child);
  return { name, port, stop: () => child.kill('SIGKILL') };
}

/** The path of one of Postfix's load tools, or null where it is not installed. */
export function findTool(tool: 'smtp-sink' | 'smtp-source'): string | null {
  const found = spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${tool}`]);
  return found.stdout.toString().trim() || null;
}

function postfixSink(port: number): [string, ChildProcess] {
  const tool = findTool('smtp-sink') ?? '';
  // Started by root it wants to be told as whom to go on; anybody else may not say.
  const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  return ['smtp-sink', spawn(tool, [...asRoot, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' })];
}

function bundledSink(port: number): [string, ChildProcess] {
  const script = fileURLToPath(new URL('./bundled-sink.js', import.meta.url));
  return ['bundled sink', spawn(process.execPath, [script, String(port)], { stdio: 'ignore' })];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address && typeof address === 'object') return address.port;
  throw new Error('no free port');
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (child.exitCode !== null) throw new Error('the sink ended at once');
    const up = await answers(port);
    if (up) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('the sink did not start');
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
