import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type DailyParts, publishDaily } from '../../src/schedule/daily.ts';
import { listEditions } from '../../src/store/editions.ts';
import { listSlots } from '../../src/store/slots.ts';
import { addReaders, startApp, statesOf, type TestApp } from '../support/app.ts';
import { aDigest } from '../support/builders.ts';
import { hours, minutes, morning } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Publishes the day's edition of `app`, in Berlin, from a digest of three papers. */
function publishToday({ publishing, list }: TestApp, values: Partial<DailyParts> = {}) {
  return publishDaily({
    publishing,
    list,
    load: async () => aDigest(),
    listFiles: async () => [],
    timeZone: 'Europe/Berlin',
    papers: 10,
    startOver: false,
    ...values,
  });
}

describe('the daily edition', () => {
  it('is published once a local day, whoever asks', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    const first = await publishToday(app);
    app.runtime.time += hours(3);
    const second = await publishToday(app);
    expect(first).toMatchObject({ date: '2025-09-03', outcome: 'published', editionId: 1 });
    expect(second.editionId).toBe(1);
    expect(await statesOf(app, 1)).toEqual({ queued: 1 });
  });

  it('belongs to the day of the time zone, not of UTC', async () => {
    const app = await startApp();
    // Half past midnight in Berlin, still the 3rd in UTC.
    app.runtime.time = Date.UTC(2025, 8, 3, 22, 30);
    expect(await publishToday(app)).toMatchObject({ date: '2025-09-04' });
    app.runtime.time -= hours(1);
    expect(await publishToday(app)).toMatchObject({ date: '2025-09-03' });
  });

  it('tells the source which day it is', async () => {
    const app = await startApp();
    const asked: string[] = [];
    await publishToday(app, {
      load: async date => {
        asked.push(date);
        return aDigest();
      },
    });
    expect(asked).toEqual(['2025-09-03']);
  });

  it('is none where nothing is new, and the reason is recorded', async () => {
    const app = await startApp();
    await publishToday(app);
    app.runtime.time += hours(24);
    const slot = await publishToday(app);
    expect(slot).toEqual({
      kind: 'daily',
      date: '2025-09-04',
      outcome: 'nothing-new',
      reason: 'nothing new: all 3 papers of 2025-09-03 were carried by earlier editions',
      editionId: null,
      decidedAt: morning + hours(24),
    });
    expect(await listSlots(app.db, 1)).toEqual([slot]);
  });

  it('is none where the source fails, and the reason is recorded', async () => {
    const app = await startApp();
    const load = () => Promise.reject(new InputError('papers.txt: no such file'));
    const slot = await publishToday(app, { load });
    expect(slot).toMatchObject({ outcome: 'source-failed', reason: 'papers.txt: no such file' });
    expect(await listSlots(app.db, 1)).toEqual([slot]);
    expect(await listEditions(app.db, 9)).toEqual([]);
  });

  it('is made up for on the same day once the source works', async () => {
    const app = await startApp();
    await publishToday(app, { load: () => Promise.reject(new InputError('down')) });
    app.runtime.time += minutes(10);
    await publishToday(app);
    expect(await listSlots(app.db, 9)).toMatchObject([{ outcome: 'published', reason: null }]);
  });

  it('does not throw where anything else fails, and says so', async () => {
    const app = await startApp();
    const listFiles = () => Promise.reject(new Error('the disk is gone'));
    expect(await publishToday(app, { listFiles })).toMatchObject({
      outcome: 'failed',
      reason: 'the disk is gone',
    });
    expect(app.runtime.logs).toContainEqual(
      expect.objectContaining({ level: 50, error: 'the disk is gone' }),
    );
  });

  it('reaches who was put in a list file since yesterday', async () => {
    const app = await startApp();
    const file = join(tempFolder(), 'list.csv');
    writeFileSync(file, 'ada@example.org\n');
    await publishToday(app, { listFiles: async () => [file] });
    expect(await statesOf(app, 1)).toEqual({ queued: 1 });
  });

  it('goes out to yesterday’s list where a list file is gone', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    const file = join(tempFolder(), 'list.csv');
    await publishToday(app, { listFiles: async () => [file] });
    expect(await statesOf(app, 1)).toEqual({ queued: 1 });
  });

  it('starts over in the demo, whose sample has an end', async () => {
    const app = await startApp();
    for (const day of [0, 1, 2]) {
      app.runtime.time = morning + hours(24 * day);
      expect(await publishToday(app, { startOver: true })).toMatchObject({
        outcome: 'published',
        editionId: day + 1,
      });
    }
  });

  it('of another day is another edition, with what is new', async () => {
    const app = await startApp();
    await publishToday(app, { papers: 2 });
    app.runtime.time += hours(24);
    expect(await publishToday(app, { papers: 2 })).toMatchObject({ editionId: 2 });
    const [latest] = await listEditions(app.db, 1);
    expect(latest?.content.picks.map(({ paper }) => paper.title)).toEqual(['Paper 3']);
  });
});
