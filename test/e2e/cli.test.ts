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

  it('are all removed but for those that nobody knows, who are named', async () => {
    const { run } = aPlace();
    await run('subscribers', 'add', 'ada@example.org', 'bob@example.org');
    const { code, stderr } = await run(
      ...['subscribers', 'remove', 'ada@example.org', 'x@example.org', 'no', 'bob@example.org'],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /ada@example.org removed.*x@example.org is not on.*"no" cannot.*bob@example.org removed/s,
    );
    const { stdout } = await run('subscribers', 'list', '--json', '--status', 'active');
    expect(JSON.parse(stdout)).toEqual({ subscribers: [] });
  });

  it('who opted out elsewhere are suppressed from files, arguments and standard input', async () => {
    const { cwd, env, run, write } = aPlace();
    await run('subscribers', 'add', 'ada@example.org');
    write('unsubscribed.csv', 'Email\nada@example.org\nbob@example.org\n');
    const args = [
      'subscribers',
      'suppress',
      'unsubscribed.csv',
      'cy@example.org',
      'nowhere.csv',
      '-',
    ];
    const said = await runCli(args, { cwd, env, input: 'di@example.org\nno address\n' });
    expect(said.code).toBe(1);
    expect(said.stderr).toContain(
      'unsubscribed.csv: 2 suppressed, 0 rows left out. Suppressed: 2 left.',
    );
    expect(said.stderr).toContain('nowhere.csv cannot be read');
    expect(said.stderr).toContain('-:2: it has a space in it');
    const reason = ['--reason', 'complained', '--json'];
    const { code, stdout } = await run('subscribers', 'suppress', 'ed@example.org', ...reason);
    expect({ code, reports: JSON.parse(stdout).reports }).toMatchObject({
      code: 0,
      reports: [{ file: 'ed@example.org', suppressed: 1, reasons: { complained: 1 } }],
    });
    write(
      'plain.csv',
      ['ada', 'bob', 'cy', 'di', 'ed', 'flo'].map(n => `${n}@example.org`).join('\n'),
    );
    expect((await run('subscribers', 'import', 'plain.csv')).stderr).toBe(
      '1 subscriber added, 0 on the list already, 5 suppressed, 0 rows left out. Suppressed: 4 left, 1 complained.\n',
    );
    expect(await run('subscribers', 'unsuppress', 'bob@example.org')).toMatchObject({ code: 0 });
    expect(await run('subscribers', 'add', 'bob@example.org')).toMatchObject({ code: 0 });
  });

  it('are not imported while a column may say who opted out, until an option says', async () => {
    const { run, write } = aPlace();
    write('list.csv', 'email,Consent\nada@example.org,yes\nbob@example.org,no\n');
    const asked = await run('subscribers', 'import', 'list.csv');
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toContain('  Consent: yes (1), no (1)\n');
    expect(asked.stderr).toContain(
      '  paperround subscribers import list.csv --opt-out Consent=no\n',
    );
    expect(await run('subscribers', 'import', 'list.csv', '--dry-run')).toEqual(asked);
    expect((await run('subscribers', 'list', '--json')).stdout).toContain('"subscribers": [\n]');
    const answered = ['subscribers', 'import', 'list.csv', '--opt-out', 'Consent=no'];
    const rehearsed = await run(...answered, '--dry-run', '--json');
    const done = await run(...answered, '--json');
    expect(done.code).toBe(0);
    const { rows, ...report } = JSON.parse(done.stdout);
    expect(JSON.parse(rehearsed.stdout)).toMatchObject({
      ...report,
      rows: [{ outcome: 'added' }, {}],
    });
    expect({ rows, report }).toMatchObject({
      rows: [],
      report: { added: 1, reasons: { left: 1 } },
    });
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
