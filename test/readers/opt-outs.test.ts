import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/lib/errors.ts';
import { type ImportOptions, importFile } from '../../src/readers/import.ts';
import { checkSubscriberFile, readSubscriberRows } from '../../src/readers/list-file.ts';
import { listFileAt } from '../../src/readers/list-folder.ts';
import { type Answers, OpenQuestionError } from '../../src/readers/questions.ts';
import { confirm } from '../../src/readers/sign-up.ts';
import { countSubscribers } from '../../src/store/subscribers.ts';
import {
  addReaders,
  deliver,
  publishEdition,
  realSettings,
  startApp,
  type TestApp,
} from '../support/app.ts';
import { aDigest, aPaper } from '../support/builders.ts';
import { type Export, exports } from '../support/exports.ts';
import { linkFor, join as signUp, statusOf } from '../support/reader.ts';
import { startSink } from '../support/smtp-sink.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** How a spreadsheet or an older version of the program may write the same file. */
const variants = [
  (rows: readonly string[][]) => Buffer.from(csvOf(rows, ',')),
  (rows: readonly string[][]) => Buffer.from(`\ufeff${csvOf(rows, ';')}`),
  (rows: readonly string[][]) => Buffer.from(`\ufeff${csvOf(rows, '\t')}`, 'utf16le'),
  (rows: readonly string[][]) =>
    Buffer.from(
      csvOf(
        rows.map(row => row.toReversed()),
        '|',
      ),
    ),
  ([head = [], ...rows]: readonly string[][]) =>
    Buffer.from(csvOf([head.map(name => name.toUpperCase().replaceAll(' ', '_')), ...rows], ',')),
];

const csvOf = (rows: readonly string[][], separator: string) =>
  rows
    .map(row => `${row.map(cell => `"${cell.replaceAll('"', '""')}"`).join(separator)}\r\n`)
    .join('');

function cellsOf(line: string, separator: string): string[] {
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}]*))${separator}`, 'g');
  return [...`${line}${separator}`.matchAll(cell)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}

/** An export with addresses of its own, in one of its variants. */
function filled({ name, head, rows }: Export, variant = 0) {
  const host = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${variant}.example`;
  const people = rows.map(([wanted], at) => ({ wanted, address: `reader${at + 1}@${host}` }));
  const separator = head.includes(';') ? ';' : ',';
  const lines = rows.map(([, line], at) => line.replace('@', people[at]?.address ?? ''));
  const cells = [head, ...lines].map(line => cellsOf(line, separator));
  return { people, bytes: variants[variant]?.(cells) ?? Buffer.alloc(0) };
}

/** A list in a file of this name. */
function aFile(text: string | Buffer, name = 'list.csv') {
  const path = join(tempFolder(), name);
  writeFileSync(path, text);
  return listFileAt(path);
}

const importText = async (
  app: TestApp,
  text: string | Buffer,
  options?: ImportOptions,
  name?: string,
) => importFile(app.list, await aFile(text, name), options);

async function sendToday(app: TestApp, date: string): Promise<void> {
  const digest = aDigest({ papers: [aPaper({ title: `Paper of ${date}` })] });
  await deliver(app, await publishEdition(app, { date, digest }));
}

describe('an export of another program', () => {
  it.each(exports)('says who is not to be mailed, and why: $name', async one => {
    for (const variant of variants.keys()) {
      const { bytes, people } = filled(one, variant);
      const said: unknown[] = [];
      for await (const row of readSubscriberRows(Readable.from([bytes]), one.file)) {
        const mail = row.kind === 'subscriber' ? 'mail' : 'skip';
        said.push(row.kind === 'opted out' ? row.reason : mail);
      }
      expect(said).toEqual(people.map(({ wanted }) => wanted));
    }
  });

  it.each(exports)('is rehearsed as it is then imported: $name', async one => {
    const app = await startApp();
    const file = await aFile(filled(one).bytes, one.file);
    const rows: unknown[][] = [[], []];
    const told = (at: number) => ({ onRow: (row: unknown) => void rows[at]?.push(row) });
    const rehearsed = await importFile(app.list.rehearsal(), file, told(0));
    expect(await countSubscribers(app.db)).toEqual({});
    expect(await app.db.selectFrom('suppressions').selectAll().execute()).toEqual([]);
    expect(await importFile(app.list, file, told(1))).toEqual(rehearsed);
    expect(rows[1]).toEqual(rows[0]);
  });

  it('gets nobody mailed who opted out there, also after a plain list of them all', async () => {
    const sink = await startSink();
    const app = await startApp(realSettings(sink.url));
    const all = exports.flatMap(one =>
      [...variants.keys()].map(variant => ({ ...filled(one, variant), file: one.file })),
    );
    const people = all.flatMap(one => one.people);
    const addressesOf = (isMailed: boolean) =>
      people
        .filter(({ wanted }) => (wanted === 'mail') === isMailed)
        .map(({ address }) => address)
        .sort();
    for (const { bytes, file } of all) await importText(app, bytes, {}, file);
    await sendToday(app, '2025-09-03');
    expect(sink.recipients()).toEqual(addressesOf(true));

    sink.clear();
    const optedOut = people.filter(({ wanted }) => wanted !== 'mail' && wanted !== 'skip');
    const plain = optedOut.map(({ address }) => address.toUpperCase()).join('\n');
    const report = await importText(app, plain);
    expect(report).toMatchObject({ added: 0, present: 0, suppressed: optedOut.length });
    await sendToday(app, '2025-09-04');
    expect(sink.recipients()).toEqual(addressesOf(true));
    const active = await app.db
      .selectFrom('subscribers')
      .select('address')
      .where('status', '=', 'active')
      .execute();
    expect(active.map(({ address }) => address).sort()).toEqual(addressesOf(true));
  });

  it('is imported as it was tried: who opted out is not mailed, the others are, by name', async () => {
    const sink = await startSink();
    const app = await startApp(realSettings(sink.url));
    const folder = join('test', 'data', 'lists');
    for (const name of readdirSync(folder))
      await importFile(app.list, await listFileAt(join(folder, name)));
    await sendToday(app, '2025-09-03');
    expect(sink.recipients()).toEqual([
      'a@bv.example',
      'a@hs.example',
      'a@kl.example',
      'a@pl.example',
      'ada@uni.example',
      'irene@labo.example',
      'jm@optik.example',
      'ok@substack.example',
      'yuki@kyoto.example',
    ]);
    const names = ['irene@labo.example', 'jm@optik.example', 'yuki@kyoto.example'].map(address =>
      app.list.find(address),
    );
    expect(await Promise.all(names)).toMatchObject([
      { name: 'Irène Curie' },
      { name: 'Jürgen Müller' },
      { name: '湯川' },
    ]);
    const reasons = await app.db
      .selectFrom('suppressions')
      .select('reason')
      .orderBy('reason')
      .execute();
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'bounced',
      'complained',
      'editor',
      'left',
      'left',
      'left',
      'left',
      'left',
      'left',
    ]);
  });
});

describe('who opted out by a list', () => {
  it('is suppressed before anybody is added, so that a kill in between mails nobody', async () => {
    const app = await startApp();
    const killed = { ...app.list, addAll: () => Promise.reject(new Error('killed')) };
    const file = await aFile('email,status\nada@example.org,active\nbob@example.org,bounced\n');
    await expect(importFile(killed, file)).rejects.toThrow('killed');
    expect(await importText(app, 'bob@example.org')).toMatchObject({ reasons: { bounced: 1 } });
  });

  it('is taken off, and what waits for them is skipped', async () => {
    const sink = await startSink();
    const app = await startApp(realSettings(sink.url));
    await addReaders(app, ['ada@example.org', 'emmy@example.org', 'bob@example.org']);
    const edition = await publishEdition(app);
    await importText(app, 'email,status\nada@example.org,unsubscribed\nEMMY@example.org,bounced\n');
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(['bob@example.org']);
    expect(await countSubscribers(app.db)).toEqual({ active: 1, unsubscribed: 1, bounced: 1 });
  });

  it('is suppressed also where another row of the file has them without that', async () => {
    const app = await startApp();
    const text = 'email,status\nada@example.org,active\nada@example.org,unsubscribed\n';
    const report = await importText(app, text);
    expect(report).toMatchObject({ added: 0, suppressed: 2, reasons: { left: 2 } });
  });

  it('is suppressed also where the rest of the row cannot be used', async () => {
    const app = await startApp();
    const rows = ['ada@example.org,hourly,unsubscribed', 'jörg@example.org,daily,unsubscribed'];
    const report = await importText(app, `email,frequency,status\n${rows.join('\n')}\n`);
    expect(report).toMatchObject({ bad: 0, suppressed: 2 });
  });

  it('keeps the reason they have, unless the new one is final', async () => {
    const app = await startApp();
    await importText(
      app,
      'email,status\nada@example.org,unsubscribed\nbob@example.org,complained\n',
    );
    await importText(
      app,
      'email,status\nada@example.org,complained\nbob@example.org,unsubscribed\n',
    );
    const rows = await app.db.selectFrom('suppressions').select('reason').execute();
    expect(rows.map(({ reason }) => reason)).toEqual(['complained', 'complained']);
  });

  it('may come back by a sign-up of their own, where they had left', async () => {
    const app = await startApp();
    await importText(app, 'email,status\nada@example.org,unsubscribed\n');
    await signUp(app);
    expect(await statusOf(app)).toBe('pending');
  });
});

/** A program in which ada@example.org confirmed this morning. */
async function confirmed(): Promise<TestApp> {
  const app = await startApp();
  await signUp(app);
  await confirm(app, await linkFor(app, 'confirm'));
  return app;
}

describe('who confirmed here', () => {
  const unsubscribed = (time: string) => `Email,UNSUB_TIME\nada@example.org,${time}\n`;

  it.each([
    ['the row says an earlier time', unsubscribed('2025-09-01 10:00:00'), 'list.csv'],
    [
      'the name says an earlier day',
      'email,status\nada@example.org,unsubscribed\n',
      'members_2025-09-01.csv',
    ],
  ])('later than they opted out elsewhere stays, and it is said: %s', async (_, text, name) => {
    const app = await confirmed();
    const rows: unknown[] = [];
    const report = await importText(app, text, { onRow: row => void rows.push(row) }, name);
    expect(report).toMatchObject({ kept: 1, suppressed: 0, bad: 0 });
    expect(rows).toMatchObject([{ line: 2, outcome: 'kept', reason: 'confirmed here later' }]);
    expect(await statusOf(app)).toBe('active');
  });

  it.each([
    ['the row says a later time', unsubscribed('2025-09-03 10:00:00'), 'list.csv'],
    ['the row may mean a later time', unsubscribed('2025-09-03'), 'list.csv'],
    ['nothing says when', unsubscribed('yes'), 'list.csv'],
    [
      'the name says the same day',
      'email,status\nada@example.org,unsubscribed\n',
      'members_20250903.csv',
    ],
  ])('and opted out elsewhere after that is suppressed: %s', async (_, text, name) => {
    const app = await confirmed();
    expect(await importText(app, text, {}, name)).toMatchObject({ kept: 0, suppressed: 1 });
    expect(await statusOf(app)).toBe('unsubscribed');
  });

  it('is no different in a rehearsal', async () => {
    const app = await confirmed();
    const file = await aFile(unsubscribed('2025-09-01 10:00:00'));
    expect(await importFile(app.list.rehearsal(), file)).toMatchObject({ kept: 1 });
  });

  it('is not who was put on the list by a file later than that', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    expect(await importText(app, unsubscribed('2025-09-01 10:00:00'))).toMatchObject({
      suppressed: 1,
    });
  });
});

/** What is asked, as `column: suspects`. */
async function asked(text: string, answers: Answers = {}, name?: string): Promise<string[]> {
  const app = await startApp();
  const error = await importText(app, text, { answers }, name).then(
    () => null,
    error => error,
  );
  expect(await countSubscribers(app.db)).toEqual(error ? {} : expect.anything());
  if (error === null) return [];
  if (!(error instanceof OpenQuestionError)) throw error;
  return error.columns.map(({ name, suspects }) => `${name}: ${suspects.join(', ')}`);
}

/** Two readers with these cells in a column. */
const twoOf = (heading: string, a: string, b: string) =>
  `email,${heading}\nada@example.org,${a}\nbob@example.org,${b}\n`;

describe('a damaged export', () => {
  it('is read, refused or asked about, whatever the damage', async () => {
    const damage = fc.record({
      at: fc.nat(2_000),
      bytes: fc.uint8Array({ maxLength: 3 }),
      cut: fc.nat(4),
    });
    const list = fc.record({
      one: fc.constantFrom(...exports),
      variant: fc.nat(variants.length - 1),
      damages: fc.array(damage, { minLength: 1, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(list, async ({ one, variant, damages }) => {
        let { bytes } = filled(one, variant);
        for (const { at, bytes: more, cut } of damages) {
          bytes = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + cut)]);
        }
        const error = await checkSubscriberFile(Readable.from([bytes]), one.file).catch(e => e);
        expect(
          typeof error === 'number' ||
            error instanceof InputError ||
            error instanceof OpenQuestionError,
        ).toBe(true);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

describe('a column that nobody knows', () => {
  it.each([
    ['Unsubscribed', 'no', 'yes'],
    ['Opted out', 'no', 'yes'],
    ['opt-out', '0', '1'],
    ['optOut', 'false', 'true'],
    ['OPTOUT', '', 'x'],
    ['Blacklist', '', 'x'],
    ['Block list', '', '✓'],
    ['suppressed_at', '', '2024-01-01'],
    ['Bounces', '0', '3'],
    ['Cleaned on', '', '2024-01-01'],
    ['Deleted', 'no', 'yes'],
    ['Account disabled', 'no', 'yes'],
    ['Is banned', 'no', 'yes'],
    ['Complaint date', '', '2024-01-01'],
    ['Spam report', '', 'yes'],
    ['Consent', 'yes', 'no'],
    ['GDPR consent', 'given', 'withdrawn'],
    ['Do not email', 'no', 'yes'],
    ['Abgemeldet am', '', '2024-01-01'],
    ['Einwilligung', 'ja', 'nein'],
    ['Désinscrit', 'non', 'oui'],
    ['Désabonnement', '', '2024-01-01'],
    ['Dado de baja', 'no', 'sí'],
    ['Disiscritto', 'no', 'sì'],
    ['Descadastrado', 'não', 'sim'],
    ['Uitgeschreven', 'nee', 'ja'],
    ['Avregistrerad', 'nej', 'ja'],
    ['Wypisany', 'nie', 'tak'],
    ['Отписан', 'нет', 'да'],
    ['配信停止', '', '済'],
    ['退订', '否', '是'],
    ['수신거부', 'N', 'Y'],
  ])('but speaks of opting out stops the import: %s', async (heading, a, b) => {
    expect(await asked(twoOf(heading, a, b))).toEqual([expect.stringContaining(`${heading}: `)]);
    expect(await asked(twoOf(heading, a, b), { ignoreColumn: [heading] })).toEqual([]);
  });

  it.each([
    ['Accepts Email Marketing', 'yes', 'no', 'no'],
    ['Subscribed', '1', '0', '0'],
    ['Newsletter', 'ja', 'nein', 'nein'],
    ['Wants mail', 'yes', 'no', 'no'],
    ['Active', 'TRUE', 'FALSE', 'FALSE'],
  ])('but has a no to %s stops it', async (heading, a, b, suspect) => {
    expect(await asked(twoOf(heading, a, b))).toEqual([`${heading}: ${suspect}`]);
    expect(await asked(twoOf(heading, a, a))).toEqual([]);
  });

  it.each([
    ['Audience', 'Subscribers', 'Unsubscribed'],
    ['Remark', '', 'hard bounced'],
    ['Zustand', 'dabei', 'abgemeldet'],
  ])('but says in its cells who opted out stops it: %s', async (heading, a, b) => {
    expect(await asked(twoOf(heading, a, b))).toEqual([`${heading}: ${b}`]);
  });

  it('stops it also where it has no heading', async () => {
    expect(await asked('ada@example.org,Ada\nbob@example.org,Bob,daily,unsubscribed\n')).toEqual([
      '4: unsubscribed',
    ]);
    expect(await asked('ada@example.org,Ada\nbob@example.org,unsubscribed\n')).toEqual([
      '2: unsubscribed',
    ]);
  });

  it.each([
    ['Urban area', 'yes', 'no'],
    ['SMS opt-out', 'yes', 'no'],
    ['Phone: do not call', 'yes', 'no'],
    ['Bank', 'A', 'B'],
    ['Notes', 'asked how to unsubscribe from the old list, and stayed', ''],
    ['Unsubscribed', '', ''],
  ])('and speaks of something else does not: %s', async (heading, a, b) => {
    expect(await asked(twoOf(heading, a, b))).toEqual([]);
  });

  it('is known, but has a value that is not', async () => {
    expect(await asked(twoOf('EMAIL_BLACKLISTED', 'No', 'perhaps'))).toEqual([
      'EMAIL_BLACKLISTED: perhaps',
    ]);
  });

  it('is shown with its values and how often each stands there, and the line that answers', async () => {
    const rows = ['yes', 'no', 'yes', 'on paper, only', 'yes'].map(
      (cell, at) => `reader${at}@example.org,"${cell}"`,
    );
    const app = await startApp();
    await expect(
      importText(app, `email,Gave consent?\n${rows.join('\n')}\n`, {}, "it's.csv"),
    ).rejects.toThrow(
      /it's\.csv has columns that may say who is not to be mailed; nothing was changed:\n {2}Gave consent\?: yes \(3\), no \(1\), on paper, only \(1\)\nSay .*\n {2}paperround subscribers import '.*it'\\''s\.csv' --opt-out 'Gave consent\?=no'$/s,
    );
  });
});

describe('an answer', () => {
  const text = twoOf('Gave consent?', 'yes', '"on paper, only"');

  it.each([
    [{ optOut: ['Gave consent?=on paper only,yes'] }, { added: 0, suppressed: 2 }],
    [{ optOut: ['gave consent?=YES'] }, { added: 1, suppressed: 1 }],
    [{ optOut: ['Gave consent?=yes', 'Gave consent?=On paper only'] }, { added: 0, suppressed: 2 }],
    [{ optOut: ['Gave consent?'] }, { added: 0, suppressed: 2 }],
    [{ ignoreColumn: ['gave consent?'] }, { added: 2, suppressed: 0 }],
  ])('decides it: %j', async (answers, report) => {
    const app = await startApp();
    expect(await importText(app, text, { answers })).toMatchObject(report);
  });

  it('gives the reason that the value or the heading gives', async () => {
    const app = await startApp();
    const lists = [twoOf('Bounced?', 'a', 'b'), twoOf('Remark', 'unsubscribed', 'spam complaint')];
    const reports = [
      await importText(app, lists[0] ?? '', { answers: { optOut: ['Bounced?'] } }),
      await importText(app, lists[1]?.replaceAll('@', '@x.') ?? '', {
        answers: { optOut: ['Remark'] },
      }),
    ];
    expect(reports).toMatchObject([
      { reasons: { bounced: 2 } },
      { reasons: { left: 1, complained: 1 } },
    ]);
  });

  it.each([
    [{ optOut: ['Consent=no'] }, /has no column Consent=no; it has: email, Gave consent\?/],
    [{ ignoreColumn: ['Town'] }, /has no column Town; it has/],
    [{ optOut: ['Gave consent?=yse'] }, /no row has yse in the column Gave consent\?; it has: yes/],
  ])('that fits nothing is refused: %j', async (answers, message) => {
    const app = await startApp();
    await expect(importText(app, text, { answers })).rejects.toThrow(message);
    expect(await countSubscribers(app.db)).toEqual({});
  });
});

describe('a file that is named like a list of opt-outs', () => {
  it.each([
    'unsubscribed.csv',
    'opt-outs 2024.csv',
    'bounces.csv',
    'Sperrliste.csv',
    'blacklist.csv',
  ])('is no list of readers: %s', async name => {
    const app = await startApp();
    const text = 'ada@example.org\nbob@example.org\n';
    await expect(importText(app, text, {}, name)).rejects.toThrow(
      /has a name like a list of people who are not to be mailed.*subscribers suppress/s,
    );
    expect(await importText(app, text, { suppress: { reason: null } }, name)).toMatchObject({
      suppressed: 2,
      reasons: { left: 2 },
    });
  });

  it('is none either where its columns say that all are to be mailed', async () => {
    const app = await startApp();
    const text = 'Email,State,Phone,Status\nada@example.org,CA,5,\n';
    await expect(importText(app, text, {}, 'unsubscribed.csv')).rejects.toThrow('has a name like');
  });
});

describe('a list of opt-outs', () => {
  const suppress = { reason: null };

  it('suppresses everybody in it, known here or not, whatever columns it has', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    const report = await importText(app, twoOf('Reason', 'asked us to', 'bounced'), { suppress });
    expect(report).toMatchObject({ added: 0, suppressed: 2, reasons: { left: 2 } });
    expect(await countSubscribers(app.db)).toEqual({ unsubscribed: 1 });
    const later = await importText(app, 'ada@example.org\nbob@example.org\n');
    expect(later).toMatchObject({ added: 0, suppressed: 2 });
  });

  it('suppresses only those of whom a known column says so, and names the others', async () => {
    const app = await startApp();
    const rows: unknown[] = [];
    const text = 'email,status\na@x.test,active\nb@x.test,bounced\nc@x.test,pending\n';
    const report = await importText(app, text, { suppress, onRow: row => void rows.push(row) });
    expect(report).toMatchObject({ suppressed: 1, reasons: { bounced: 1 }, bad: 2 });
    const reason = 'no column says that they opted out';
    expect(rows).toMatchObject([
      { line: 2, reason },
      { outcome: 'suppressed' },
      { line: 4, reason },
    ]);
  });

  it('may be given the reason', async () => {
    const app = await startApp();
    const report = await importText(app, twoOf('status', 'bounced', 'unsubscribed'), {
      suppress: { reason: 'complained' },
    });
    expect(report).toMatchObject({ reasons: { complained: 2 } });
  });

  it('leaves who confirmed here later than the day in its name', async () => {
    const app = await confirmed();
    const report = await importText(app, 'ada@example.org\n', { suppress }, 'left-20250901.csv');
    expect(report).toMatchObject({ kept: 1, suppressed: 0 });
    expect(await statusOf(app)).toBe('active');
  });
});
