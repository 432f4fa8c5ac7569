import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { backtest } from '../../src/delivery/backtest.ts';
import { createRenderer } from '../../src/mail/render/renderer.ts';
import { simulate } from '../soak/simulate.ts';
import { aMasthead } from '../support/builders.ts';
import { corpusFiles, readCorpusFile, wholeCorpora } from '../support/corpora.ts';
import { testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

const templates = fileURLToPath(new URL('../../templates', import.meta.url));

const parts = {
  papers: 10,
  renderer: createRenderer({ templates }),
  masthead: aMasthead(),
  runtime: testRuntime(),
};

/** The archive's lists of the days `from`–`to`. */
function listsOf(from: string, to: string) {
  return corpusFiles('huggingface', '.json.gz')
    .map(name => ({
      name,
      day: name.slice(0, 10),
      read: () => readCorpusFile('huggingface', name),
    }))
    .filter(({ day }) => day >= from && day <= to);
}

/** The days of a season, and of a month; of the samples all that are whole. */
const range = (from: string, to: string) => [from, to] as const;
const samples = range('2025-08-25', '2025-09-12');
const season = wholeCorpora ? range('2025-06-01', '2025-09-01') : samples;
const month = wholeCorpora ? range('2025-10-01', '2025-10-31') : samples;

// All the days at once: `paperround digest --backtest`, and `npm run soak:year`.
describe('picking from stored days', () => {
  test('sends no paper twice, and every paper of days that grow late', async () => {
    const options = { ...parts, late: 0.3 };
    const { days, skipped } = await backtest(listsOf(...season), options);
    const total = (of: (day: (typeof days)[number]) => number) =>
      days.reduce((sum, day) => sum + of(day), 0);
    expect(skipped).toEqual([]);
    expect(total(day => day.repeats)).toBe(0);
    expect(total(day => day.carriedOver)).toBeGreaterThan(0);
    // What is late on the last day has no edition to come.
    expect(total(day => day.neverSent)).toBe(days.at(-1)?.neverSent);
    expect(total(day => day.picks + day.listed + day.neverSent)).toBe(total(day => day.papers));
  });

  test('makes parts that keep to the size, and names damaged days', async () => {
    const lists = [...listsOf('2024-12-05', '2025-01-15'), ...listsOf('2025-09-01', '2025-09-05')];
    const { days, skipped } = await backtest(lists, parts);
    expect(days.length + skipped.length).toBe(lists.length);
    expect(
      skipped.map(({ reason }) => reason).filter(reason => !/^2024|^2025/.test(reason)),
    ).toEqual([]);
    expect(skipped.length).toBeGreaterThan(0);
    expect(days.length).toBeGreaterThan(4);
    for (const { htmlBytes, textBytes } of days) {
      expect(htmlBytes).toBeGreaterThan(5_000);
      expect(Math.max(htmlBytes, textBytes)).toBeLessThan(95_000);
    }
  });

  test('loses no paper in a month of real days, whatever comes late', async () => {
    const lists = listsOf(...month).map(list => ({
      day: list.day,
      bytes: list.read(),
    }));
    const folder = tempFolder();
    const result = await simulate({ lists, folder, templates, late: 0.3, seed: 'a month' });
    expect(result).toMatchObject({ lost: [], repeats: [], failed: 0, dropped: 0 });
    expect(result.dailies).toBe(lists.length);
    expect(result.pickedLate).toBeGreaterThan(0);
    const { picked, listed, unseen, readable } = result;
    expect(picked + listed + unseen.length).toBe(readable);
    // Nobody looks at the last list again.
    expect(unseen.filter(paper => !paper.startsWith(lists.at(-1)?.day ?? ''))).toEqual([]);
  });
});
