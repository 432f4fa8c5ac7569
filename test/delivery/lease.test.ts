import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, it, onTestFinished, vi } from 'vitest';
import { holdLease } from '../../src/delivery/lease.ts';
import { createRuntime } from '../../src/lib/runtime.ts';
import { startDatabase } from '../support/database.ts';
import { testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

it('a lease that cannot be renewed stops the lanes before it ends, and renewed lets them go on', async () => {
  const path = join(tempFolder(), 'papers.db');
  const runtime = createRuntime('silent');
  const db = await startDatabase({ path, runtime });
  const lease = await holdLease(db, runtime, 'worker', { ms: 120, beatMs: 20 });
  onTestFinished(() => lease.stop());
  expect(lease.signal.aborted).toBe(false);

  const other = new Libsql(path);
  other.exec('begin immediate');
  await vi.waitFor(() => expect(lease.signal.aborted).toBe(true));
  other.exec('commit');
  other.close();
  await vi.waitFor(() => expect(lease.signal.aborted).toBe(false));
});

it('stops the lanes at the second beat that fails, though timers keep time to the millisecond', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const runtime = testRuntime();
  const db = await startDatabase({ runtime });
  const lease = await holdLease(db, runtime, 'worker');
  await db.destroy();
  for (const expected of [false, true]) {
    runtime.time += 10_000;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lease.signal.aborted).toBe(expected);
  }
  lease.stop();
});
