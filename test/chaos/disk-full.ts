import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { countDeliveries } from '../../src/store/reports.ts';
import { compareRecord, type Outcome, type Plan } from './chaos.ts';
import { publishSome, startList } from './edition.ts';

/** What came of a full disk, and what the delivering process said. */
export type DiskOutcome = Outcome & { readonly said: readonly string[]; readonly went: boolean };

/**
 * Delivers one edition from a disk that is full for a second in the middle of it.
 * @returns null where no small disk can be mounted, which takes root.
 */
export async function runDiskFull(plan: Plan): Promise<DiskOutcome | null> {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-chaos-'));
  const disk = join(folder, 'disk');
  execFileSync('mkdir', [disk]);
  try {
    // Room for SQLite's log, which grows to 4 MB before it is folded into the database.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32M', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  const record = join(folder, 'record.txt');
  writeFileSync(record, '');
  const db = await startList(disk, plan.readers);
  const edition = await publishSome(db, `full-${plan.seed}`);
  const server = fork(join(plan.programs, 'server.js'), [record, String(plan.seed), '0']);
  const [port] = await once(server, 'message');
  const driver = fork(
    join(plan.programs, 'driver.js'),
    [join(disk, 'papers.db'), String(port), String(plan.lanes)],
    { silent: true },
  );
  try {
    const said = new Set<string>();
    driver.stderr?.on('data', chunk => {
      for (const line of String(chunk).trim().split('\n')) said.add(line);
    });
    const over = once(driver, 'exit');
    await once(server, 'message');
    const filler = join(disk, 'filler');
    fill(filler);
    await sleep(1_000);
    rmSync(filler);
    const went = await Promise.race([over.then(() => true), sleep(20_000, false, { ref: false })]);
    const { sent } = await countDeliveries(db, edition);
    const found = compareRecord(readFileSync(record, 'utf8'), plan);
    return { ends: 0, unsent: plan.readers - sent, ...found, said: [...said], went };
  } finally {
    driver.kill('SIGKILL');
    server.kill('SIGKILL');
    await db.destroy();
    execFileSync('umount', ['-l', disk]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes until there is no room left. */
function fill(file: string): void {
  for (const size of [65_536, 4_096, 1]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch {
      // Full, for pieces of this size.
    }
  }
}
