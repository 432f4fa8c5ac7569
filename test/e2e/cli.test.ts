import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aCapture, titleOf } from '../support/capture.ts';
import { runCli, runProcess, startCli } from '../support/cli.ts';
import { aPlace } from '../support/place.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('digest', () => {
  it('--json prints the papers with what is known of each', async () => {
    const { code, stdout } = await runProcess(
      ['digest', 'sample', '--json', '--date', '2025-09-03'],
      {
        cwd: tempFolder(),
      },
    );
    expect(code).toBe(0);
    const { date, curator, papers } = JSON.parse(stdout);
    expect(date).toBe('2025-09-03');
    expect(curator).toEqual(expect.any(String));
    for (const paper of papers) {
      expect(paper).toMatchObject({
        title: expect.any(String),
        abstract: expect.any(String),
        url: expect.stringMatching(/^https?:/),
        authors: expect.any(Array),
      });
      expect(paper).toHaveProperty('id');
      expect(paper).toHaveProperty('upvotes');
    }
  });

  it('reads standard input, and shows the papers in order', async () => {
    const input = aCapture({ papers: 3 });
    const { stdout } = await runCli(['digest', '-'], { cwd: tempFolder(), input });
    const at = [1, 2, 3].map(number => stdout.indexOf(titleOf(number)));
    expect(at.every(place => place >= 0)).toBe(true);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });
});

describe('a reader of the output who has seen enough', () => {
  it('ends the program quietly', async () => {
    const { cwd, env, write, run } = aPlace();
    const rows = Array.from({ length: 5_000 }, (_, at) => `reader${at}@example.org`);
    write('list.csv', `${rows.join('\n')}\n`);
    await run('subscribers', 'import', 'list.csv');
    for (const args of [['subscribers', 'list', '--json'], ['subscribers', 'export'], ['--help']]) {
      const { child, ended } = startCli(args, { cwd, env });
      child.stdout.destroy();
      const { code, stderr } = await ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });
});

describe('subscribers', () => {
  it('can be added, listed, removed, brought back and forgotten', async () => {
    const { run } = aPlace();
    const list = async () => JSON.parse((await run('subscribers', 'list', '--json')).stdout);
    await run('subscribers', 'add', 'Ada Lovelace <ada@example.org>', '--frequency', 'weekly');
    expect(await list()).toEqual({
      subscribers: [
        {
          email: 'ada@example.org',
          id: 1,
          name: 'Ada Lovelace',
          status: 'active',
          frequency: 'weekly',
          source: 'cli',
          since: expect.stringMatching(/^\d{4}-/),
          changed: expect.stringMatching(/^\d{4}-/),
        },
      ],
    });
    await run('subscribers', 'remove', 'ada@example.org');
    const refused = await run('subscribers', 'add', 'ada@example.org');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('unsuppress') });
    expect(await run('subscribers', 'unsuppress', 'ada@example.org')).toMatchObject({ code: 0 });
    expect(await list()).toMatchObject({ subscribers: [{ status: 'active' }] });
    await run('subscribers', 'forget', 'ada@example.org');
    expect(await list()).toEqual({ subscribers: [] });
  });

  it('come out as CSV that import reads', async () => {
    const [from, to] = [aPlace(), aPlace()];
    from.write(
      'list.csv',
      'email,name,frequency\nada@example.org,"Lovelace, Ada",weekly\n=x@y.example,,\n',
    );
    await from.run('subscribers', 'import', 'list.csv');
    const { stdout } = await from.run('subscribers', 'export');
    to.write('copy.csv', stdout);
    const imported = await to.run('subscribers', 'import', 'copy.csv', '--json');
    expect(JSON.parse(imported.stdout)).toMatchObject({ added: 2, bad: 0, rows: [] });
    expect((await to.run('subscribers', 'export')).stdout).toBe(stdout);
  });
});

describe('preview', () => {
  it('writes the edition as HTML, text and mail, and needs no settings', async () => {
    const cwd = tempFolder();
    const { code, stderr } = await runCli(['preview', 'sample', '--out', 'deep/preview'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain('10 papers of ');
    const read = (name: string) => readFileSync(join(cwd, 'deep/preview', name), 'utf8');
    expect(read('edition.html')).toMatch(/^<!doctype html>/i);
    expect(read('edition.txt')).toContain('DAILY PAPERS');
    expect(read('edition.eml')).toMatch(/^From: .*\r\n/);
    expect(readdirSync(cwd)).toEqual(['deep']);
  });
});

describe('backup', () => {
  it('writes a copy that can be used as a database', async () => {
    const { run } = aPlace();
    await run('subscribers', 'add', 'ada@example.org');
    expect(await run('backup', 'copy.db')).toMatchObject({ code: 0 });
    expect(await run('backup', 'copy.db')).toMatchObject({
      code: 1,
      stderr: 'paperround: copy.db exists already; name a new file\n',
    });
  });
});
