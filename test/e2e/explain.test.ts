import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { aPlace } from '../support/place.ts';

const asLines = (papers: readonly (readonly [title: string, upvotes: number])[]) =>
  papers
    .map(([title, upvotes]) => JSON.stringify({ title, upvotes, abstract: `${title} is so.` }))
    .join('\n');

/** A day's list as the Daily Papers API answers. */
const asAnswer = (...titles: string[]) => {
  const items = titles.map((title, at) => ({
    paper: { id: `2509.0000${at}`, title, summary: `${title} is so.`, authors: [], upvotes: at },
  }));
  return JSON.stringify(items);
};

describe('digest --explain', () => {
  it('says why each paper is picked or not, and makes no database by asking', async () => {
    const { cwd, run, write } = aPlace();
    write(
      'papers.jsonl',
      asLines([
        ['Good', 20],
        ['Fair', 1],
      ]),
    );
    const { code, stdout } = await run('digest', 'papers.jsonl', '--explain', '--papers', '1');
    expect(code).toBe(0);
    expect(stdout).toContain('  1  picked   Good\n              20 upvotes');
    expect(stdout).toContain('  2  listed   Fair\n              1 upvote: below the picks');
    expect(readdirSync(cwd)).toEqual(['papers.jsonl']);
  });

  it('knows what earlier editions carried', async () => {
    const { run, write } = aPlace();
    write('first.jsonl', asLines([['First', 3]]));
    write(
      'second.jsonl',
      asLines([
        ['First', 3],
        ['Second', 1],
      ]),
    );
    await run('subscribers', 'add', 'ada@example.org');
    const daily = ['send', 'first.jsonl', '--kind', 'daily', '--yes', '--date', '2025-09-03'];
    await run(...daily);
    const args = ['digest', 'second.jsonl', '--explain', '--json', '--date', '2025-09-04'];
    const { papers } = JSON.parse((await run(...args)).stdout);
    expect(papers).toMatchObject([
      { title: 'Second', outcome: 'picked', rank: 1, reason: '1 upvote' },
      { title: 'First', outcome: 'carried', reason: 'the edition of 2025-09-03 picked it' },
    ]);
  });
});

describe('digest --backtest', () => {
  it('picks from the stored days of a folder, and names what it left out', async () => {
    const { cwd, run, write } = aPlace();
    mkdirSync(join(cwd, 'days'));
    write('days/2025-09-02.json', asAnswer('One', 'Two'));
    write('days/2025-09-03.json.gz', gzipSync(asAnswer('Three')));
    write('days/2025-09-04.json.gz', 'no gzip');
    write('days/2025-09-05.json', '["damaged"]');
    write('days/LICENSE', 'Apache');
    const { code, stdout } = await run('digest', '--backtest', 'days', '--json', '--papers', '1');
    expect(code).toBe(0);
    const { days, skipped, sum } = JSON.parse(stdout);
    expect(days).toMatchObject([
      { day: '2025-09-02', papers: 2, picks: 1, listed: 1, neverSent: 0, repeats: 0 },
      { day: '2025-09-03', papers: 1, picks: 1, listed: 0, neverSent: 0, repeats: 0 },
    ]);
    expect(skipped.map(({ name }: { name: string }) => name)).toEqual([
      '2025-09-04.json.gz',
      '2025-09-05.json',
    ]);
    expect(sum).toMatchObject({ days: 2, skipped: 2, papers: 3, picks: 2, repeats: 0 });
  });

  it.each([
    [['--backtest', 'nowhere'], 1, /nowhere: it cannot be read as a folder/],
    [['--backtest', '.'], 1, /holds no file named like 2025-09-03\.json/],
    [['sample', '--backtest', '.'], 2, /reads its folder alone/],
    [['sample', '--late', '30'], 2, /--late is for --backtest/],
    [['sample', '--papers', '3'], 2, /--papers is for --explain and --backtest/],
  ])('refuses %j with a reason', async (args, code, words) => {
    const result = await aPlace().run('digest', ...args);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(words);
  });
});
