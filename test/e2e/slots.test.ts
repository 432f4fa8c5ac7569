import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordSlot } from '../../src/store/slots.ts';
import { startDatabase } from '../support/database.ts';
import { aPlace } from '../support/place.ts';
import { minutes, morning } from '../support/runtime.ts';

it('editions shows why scheduled days had none, and which are looked at again', async () => {
  const { cwd, run } = aPlace({ TIMEZONE: 'Europe/Berlin' });
  const db = await startDatabase({ path: join(cwd, 'papers.db') });
  const slot = { kind: 'daily', editionId: null, dueAt: morning, begunAt: morning } as const;
  const failed = { ...slot, outcome: 'source-failed', reason: 'it does not answer' } as const;
  const first = { ...failed, date: '2025-09-02', decidedAt: morning, againAt: null };
  const second = { ...first, date: '2025-09-03', againAt: morning + minutes(15) };
  await recordSlot(db, first);
  await recordSlot(db, second);
  const { stdout } = await run('editions');
  expect(stdout).toBe(
    '2025-09-03: no daily edition yet (source-failed): it does not answer; looked for again at 10:15\n' +
      '2025-09-02: no daily edition (source-failed): it does not answer\n',
  );
  const { stdout: json } = await run('editions', '--json');
  expect(JSON.parse(json)).toEqual({ editions: [], slots: [second, first] });
});
