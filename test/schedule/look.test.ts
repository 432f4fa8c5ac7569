import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { localDay } from '../../src/lib/day.ts';
import { InputError } from '../../src/lib/errors.ts';
import { lookAgainAfter } from '../../src/schedule/due.ts';
import { type Look, type LookParts, lookFor } from '../../src/schedule/look.ts';
import { listEditions } from '../../src/store/editions.ts';
import { listSlots } from '../../src/store/slots.ts';
import { addReaders, startApp, statesOf, type TestApp } from '../support/app.ts';
import { aDigest } from '../support/builders.ts';
import { hours, minutes, morning } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Looks whether today's daily edition can be made, from a digest of three papers. */
function look({ publishing, runtime }: TestApp, values: Partial<LookParts & Look> = {}) {
  const { kind = 'daily', date = localDay(runtime.time, 'UTC'), at = runtime.time } = values;
  const parts = {
    publishing,
    load: async () => aDigest(),
    papers: 10,
    listsByDay: false,
    startOver: false,
    ...values,
  };
  return lookFor(parts, { kind, date, at, last: values.last ?? false });
}

const fails = (error: Error) => () => Promise.reject(error);

describe('the daily edition', () => {
  it('is published once a day, whoever asks', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    const first = await look(app);
    app.runtime.time += hours(3);
    const second = await look(app, { load: fails(new Error('it is not asked again')) });
    expect(first).toMatchObject({ date: '2025-09-03', outcome: 'published', editionId: 1 });
    expect(second).toMatchObject({ outcome: 'published', editionId: 1 });
    expect(await statesOf(app, 1)).toEqual({ queued: 1 });
  });

  it('tells the source which day it is', async () => {
    const app = await startApp();
    const asked: string[] = [];
    await look(app, {
      load: async (_kind, date) => {
        asked.push(date);
        return aDigest();
      },
    });
    expect(asked).toEqual(['2025-09-03']);
  });

  it('is none where nothing is new, and the reason is recorded', async () => {
    const app = await startApp();
    await look(app);
    app.runtime.time += hours(24);
    const slot = await look(app, { load: async () => aDigest({ date: '2025-09-04' }) });
    expect(slot).toEqual({
      kind: 'daily',
      date: '2025-09-04',
      outcome: 'nothing-new',
      reason: 'nothing new: all 3 papers of 2025-09-04 were carried by earlier editions',
      editionId: null,
      dueAt: morning + hours(24),
      begunAt: morning + hours(24),
      decidedAt: morning + hours(24),
      againAt: null,
    });
    expect(await listSlots(app.db, 1)).toEqual([slot]);
  });

  it('is none where the source fails, and the reason is recorded', async () => {
    const app = await startApp();
    const load = () => Promise.reject(new InputError('papers.txt: no such file'));
    const slot = await look(app, { load });
    expect(slot).toMatchObject({
      outcome: 'source-failed',
      reason: 'papers.txt: no such file',
      againAt: morning + lookAgainAfter,
    });
    expect(await listSlots(app.db, 9)).toEqual([slot]);
    expect(await look(app, { load, last: true })).toMatchObject({ againAt: null });
    expect(await listEditions(app.db, 9)).toEqual([]);
  });

  it('is made up for on the same day once the source works', async () => {
    const app = await startApp();
    await look(app, { load: () => Promise.reject(new InputError('down')) });
    app.runtime.time += minutes(10);
    await look(app);
    expect(await listSlots(app.db, 9)).toMatchObject([
      { outcome: 'published', reason: null, begunAt: morning, againAt: null },
    ]);
  });

  it('does not throw where anything else fails, and says so', async () => {
    const app = await startApp();
    const listFiles = () => Promise.reject(new Error('the disk is gone'));
    expect(await look(app, { publishing: { ...app.publishing, listFiles } })).toMatchObject({
      outcome: 'failed',
      reason: 'the disk is gone',
    });
    expect(app.runtime.logs).toContainEqual(
      expect.objectContaining({ level: 50, error: 'the disk is gone' }),
    );
  });

  it('is not decided by the program’s end', async () => {
    const app = await startApp();
    const ended = fails(new DOMException('This operation was aborted', 'AbortError'));
    await expect(look(app, { load: ended })).rejects.toThrow('aborted');
    expect(await listSlots(app.db, 1)).toEqual([]);
  });

  it('reaches who was put in a list file since yesterday', async () => {
    const app = await startApp();
    const file = join(tempFolder(), 'list.csv');
    writeFileSync(file, 'ada@example.org\n');
    await look(app, { publishing: { ...app.publishing, listFiles: async () => [file] } });
    expect(await statesOf(app, 1)).toEqual({ queued: 1 });
  });

  it('goes out to yesterday’s list where a list file is gone', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    const file = join(tempFolder(), 'list.csv');
    await look(app, { publishing: { ...app.publishing, listFiles: async () => [file] } });
    expect(await statesOf(app, 1)).toEqual({ queued: 1 });
  });

  it('starts over in the demo, whose sample has an end', async () => {
    const app = await startApp();
    for (const day of [0, 1, 2]) {
      app.runtime.time = morning + hours(24 * day);
      expect(await look(app, { startOver: true })).toMatchObject({
        outcome: 'published',
        editionId: day + 1,
      });
    }
  });

  it('of another day is another edition, with what is new', async () => {
    const app = await startApp();
    await look(app, { papers: 2 });
    app.runtime.time += hours(24);
    expect(await look(app, { papers: 2 })).toMatchObject({ editionId: 2 });
    const [latest] = await listEditions(app.db, 1);
    expect(latest?.content.picks.map(({ paper }) => paper.title)).toEqual(['Paper 3']);
  });
});

describe('a list that is not there yet', () => {
  const saturday = Date.UTC(2025, 8, 6, 8);
  const empty = fails(new EmptyDigestError('it lists no papers'));
  const yesterdays = async () => aDigest({ date: '2025-09-02' });

  it('is looked for again, as long as it is a working day', async () => {
    const app = await startApp();
    const slot = { outcome: 'source-empty', reason: 'it lists no papers' };
    const again = { ...slot, againAt: morning + lookAgainAfter };
    expect(await look(app, { load: empty })).toMatchObject(again);
    expect(await look(app, { load: empty, last: true })).toMatchObject({ ...slot, againAt: null });
    app.runtime.time = saturday;
    expect(await look(app, { load: empty })).toMatchObject({ ...slot, againAt: null });
  });

  it('is waited for where the source has one for each day, and goes out late if it must', async () => {
    const app = await startApp();
    const parts = { load: yesterdays, listsByDay: true };
    expect(await look(app, parts)).toMatchObject({
      outcome: 'source-empty',
      reason: 'the source has no list of 2025-09-03; its latest is of 2025-09-02',
      againAt: morning + lookAgainAfter,
    });
    expect(await look(app, { ...parts, last: true })).toMatchObject({ outcome: 'published' });
  });

  it('is none at the weekend: Friday’s again, with what was left below the picks, is no edition', async () => {
    const app = await startApp();
    const parts = {
      load: async () => aDigest({ date: '2025-09-05' }),
      listsByDay: true,
      papers: 1,
    };
    app.runtime.time = saturday - hours(24);
    expect(await look(app, parts)).toMatchObject({ outcome: 'published' });
    for (const [ahead, date] of [
      [0, '2025-09-06'],
      [24, '2025-09-07'],
    ] as const) {
      app.runtime.time = saturday + hours(ahead);
      expect(await look(app, parts)).toMatchObject({
        outcome: 'source-empty',
        reason: `the source has no list of ${date} (weekend); its latest is of 2025-09-05`,
        againAt: null,
      });
    }
    // A holiday.
    app.runtime.time = saturday + hours(48);
    expect(await look(app, { ...parts, last: true })).toMatchObject({
      outcome: 'source-empty',
      againAt: null,
    });
  });

  it('is Friday’s on Saturday where nothing ran on Friday', async () => {
    const app = await startApp();
    app.runtime.time = saturday;
    const parts = { load: async () => aDigest({ date: '2025-09-05' }), listsByDay: true };
    expect(await look(app, parts)).toMatchObject({ outcome: 'published', date: '2025-09-06' });
  });

  it('is looked for again on a Saturday that is still Friday at the source', async () => {
    const app = await startApp();
    app.runtime.time = Date.UTC(2025, 8, 5, 20);
    expect(await look(app, { load: empty, date: '2025-09-06' })).toMatchObject({
      outcome: 'source-empty',
      againAt: expect.any(Number),
    });
  });

  it('is not waited for where it is still the day before at the source', async () => {
    const app = await startApp();
    app.runtime.time = Date.UTC(2025, 8, 2, 23);
    const parts = { load: yesterdays, listsByDay: true, date: '2025-09-03' };
    expect(await look(app, parts)).toMatchObject({ outcome: 'published', date: '2025-09-03' });
  });

  it('may be an older one where sources have none for each day, unless it was carried', async () => {
    const app = await startApp();
    expect(await look(app, { load: yesterdays })).toMatchObject({ outcome: 'published' });
    app.runtime.time += hours(24);
    expect(await look(app, { load: yesterdays })).toMatchObject({
      outcome: 'source-empty',
      againAt: expect.any(Number),
    });
  });
});

describe('the weekly edition', () => {
  const weekly = { kind: 'weekly', load: async () => aDigest({ date: '2025-08-31' }) } as const;

  it('goes to its readers, whatever the daily editions carried', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    await addReaders(app, ['emmy@example.org'], 'weekly');
    await look(app);
    expect(await look(app, weekly)).toMatchObject({ outcome: 'published', editionId: 2 });
    expect(await statesOf(app, 2)).toEqual({ queued: 1 });
  });

  it('is none where nobody gets it', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    const reason = 'nobody gets the weekly edition';
    const slot = { outcome: 'no-readers', reason, againAt: null };
    expect(await look(app, weekly)).toMatchObject(slot);
  });
});
