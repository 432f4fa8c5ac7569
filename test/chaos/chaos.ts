import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { countDeliveries } from '../../src/store/reports.ts';
import { publishSome, startList } from './edition.ts';
import { seeded } from './seeded.ts';

/** What is to happen to one edition. */
export type Plan = {
  readonly readers: number;
  readonly lanes: number;
  /** How often the delivering process is ended at a random instant, and how. */
  readonly ends: number;
  readonly signal: 'SIGKILL' | 'SIGTERM';
  /** How often (0–1) the server cuts the connection after it took a message. */
  readonly cutting: number;
  readonly seed: number;
  /** The folder of the compiled `server.js` and `driver.js`. */
  readonly programs: string;
};

/** What came of it. */
export type Outcome = {
  /** How often the process was ended before it was done. */
  readonly ends: number;
  /** Who did not get it: promised to be nobody. */
  readonly missing: number;
  /** Messages beyond one for each reader, and the most that one reader got. */
  readonly duplicates: number;
  readonly most: number;
  /** Readers who got three or more. */
  readonly thrice: number;
  /** Readers whose messages had different Message-IDs: promised to be nobody. */
  readonly differing: number;
  /** Rows of the ledger that do not say `sent`. */
  readonly unsent: number;
};

/** Delivers one edition while the delivering process is ended and started again. */
export async function runChaos(plan: Plan): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-chaos-'));
  const record = join(folder, 'record.txt');
  writeFileSync(record, '');
  const db = await startList(folder, plan.readers);
  const edition = await publishSome(db, `chaos-${plan.seed}`);
  const server = fork(join(plan.programs, 'server.js'), [
    record,
    String(plan.seed),
    String(plan.cutting),
  ]);
  try {
    const [port] = await once(server, 'message');
    const start = () =>
      fork(join(plan.programs, 'driver.js'), [
        join(folder, 'papers.db'),
        String(port),
        String(plan.lanes),
      ]);
    const ends = await endAndRestart(plan, start, server);
    const { sent } = await countDeliveries(db, edition);
    return {
      ends,
      unsent: plan.readers - sent,
      ...compareRecord(readFileSync(record, 'utf8'), plan),
    };
  } finally {
    server.kill('SIGKILL');
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns how often a process was ended before it was done. */
async function endAndRestart(
  { readers, ends, signal, seed }: Plan,
  start: () => ChildProcess,
  server: ChildProcess,
): Promise<number> {
  const chance = seeded(seed);
  let made = 0;
  for (;;) {
    const driver = start();
    const over = once(driver, 'exit');
    const ready = once(driver, 'message');
    await Promise.race([ready, over]);
    if (made < ends) {
      // After some messages, and at any instant between two.
      const messages = Math.floor((chance() * 2 * readers) / (ends + 1));
      const enough = messagesTaken(server, messages, over).then(() => sleep(chance() * 6));
      await Promise.race([enough, over]);
      if (driver.exitCode === null && driver.kill(signal)) made += 1;
    }
    const [code] = await over;
    // Told to end, it ends in order whether it was done or not.
    if (code === 0 && !driver.killed) return made;
    if (code !== 0 && code !== null) throw new Error(`the driver ended with ${code}`);
  }
}

/** Resolves when the server took `count` more, or `over` did. */
function messagesTaken(server: ChildProcess, count: number, over: Promise<unknown>) {
  let left = count;
  return new Promise<void>(resolve => {
    const end = () => {
      server.off('message', took);
      resolve();
    };
    const took = () => {
      left -= 1;
      if (left <= 0) end();
    };
    if (left === 0) return resolve();
    server.on('message', took);
    void over.then(end);
  });
}

/** What the server's record says. */
export function compareRecord(record: string, { readers }: Plan) {
  const got = new Map<string, string[]>();
  for (const line of record.split('\n').filter(line => line !== '')) {
    const [recipient = '', id = ''] = line.split(' ');
    got.set(recipient, [...(got.get(recipient) ?? []), id]);
  }
  const copies = [...got.values()];
  return {
    missing: readers - got.size,
    duplicates: copies.reduce((sum, ids) => sum + ids.length - 1, 0),
    most: Math.max(0, ...copies.map(ids => ids.length)),
    thrice: copies.filter(ids => ids.length >= 3).length,
    differing: copies.filter(ids => new Set(ids).size > 1).length,
  };
}
