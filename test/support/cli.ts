import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** What a run of the program came to. `code` is null where a signal ended it. */
export type Result = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunOptions = {
  readonly cwd: string;
  /** Settings; nothing of the test's own environment gets through. */
  readonly env?: Readonly<Record<string, string>>;
  /** What standard input holds. */
  readonly input?: string;
};

/** The built program's file. */
export const bin = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const program = new URL('../../dist/cli/run.js', import.meta.url).href;

/** Runs the built program to its end, in a process of its own. */
export async function runProcess(args: readonly string[], options: RunOptions): Promise<Result> {
  const run = startCli(args, options);
  run.child.stdin.end(options.input ?? '');
  return run.ended;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the built program to its end, in this process: starting one costs more than most commands.
 * One after the other, since the environment and the working directory are the process's. What is
 * logged goes past: who looks at that takes `runProcess`.
 */
export function runCli(args: readonly string[], options: RunOptions): Promise<Result> {
  const run = last.then(() => runHere(args, options));
  last = run.catch(() => 'its own caller is told');
  return run;
}

async function runHere(
  args: readonly string[],
  { cwd, env = {}, input = '' }: RunOptions,
): Promise<Result> {
  const { run }: typeof import('../../src/cli/run.ts') = await import(program);
  const before = { cwd: process.cwd(), env: { ...process.env } };
  const [stdout, stderr] = [collector(), collector()];
  try {
    process.chdir(cwd);
    setEnvironment({ PATH: process.env.PATH, HOME: cwd, TZ: 'UTC', ...env });
    const io = { stdin: Readable.from([input]), stdout: stdout.stream, stderr: stderr.stream };
    const code = await run(args, io);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before.cwd);
    setEnvironment(before.env);
  }
}

function setEnvironment(wanted: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined) process.env[name] = value;
  }
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

/** A run of the program that goes on. */
export type Running = {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Result>;
  /** Resolves once it has written `text`; rejects if it ends before. */
  said(text: string): Promise<void>;
};

/** Starts the built program; it is killed when the test is over. */
export function startCli(args: readonly string[], { cwd, env = {} }: RunOptions): Running {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, TZ: 'UTC', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  // A program that ends early does not read what it is sent.
  child.stdin.on('error', () => {});
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (stdout.includes(text) || stderr.includes(text)) resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      look();
      ended.then(() => reject(new Error(`ended without "${text}": ${stdout}${stderr}`)));
    });
  return { child, ended, said };
}
