import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import { importFile } from '../../src/readers/import.ts';
import {
  importChangedLists,
  importPath,
  listFileAt,
  listFiles,
} from '../../src/readers/list-folder.ts';
import { rememberSmtputf8 } from '../../src/store/settings.ts';
import { countSubscribers } from '../../src/store/subscribers.ts';
import { addReaders, deliver, publishEdition, realSettings, startApp } from '../support/app.ts';
import { noticesOf } from '../support/reader.ts';
import { parseMail, startSink } from '../support/smtp-sink.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A list file with these lines. @returns its path. */
function aFile(...lines: string[]): string {
  const file = join(tempFolder(), 'list.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function importLines(...lines: string[]) {
  const { list, db } = await startApp();
  const rows: string[] = [];
  const file = await listFileAt(aFile(...lines));
  const report = await importFile(list, file, {
    onRow({ line, outcome, reason }) {
      if (outcome === 'left out') rows.push(`${line}: ${reason}`);
    },
  });
  return { list, db, report, rows };
}

describe('importing a list', () => {
  it('adds everybody in it, with name and frequency', async () => {
    const { list, report } = await importLines(
      'email,name,frequency',
      'ada@example.org,Ada Lovelace,weekly',
      'emmy@example.org,,',
    );
    expect(report).toMatchObject({ added: 2, present: 0, suppressed: 0, bad: 0 });
    expect(await list.find('ada@example.org')).toMatchObject({
      name: 'Ada Lovelace',
      frequency: 'weekly',
      source: `file:${report.file}`,
    });
    expect(await list.find('emmy@example.org')).toMatchObject({ name: null, frequency: 'daily' });
  });

  it('leaves bad rows out, each with its line and reason, and takes the good ones', async () => {
    const { report, rows } = await importLines(
      'email,name,frequency',
      'no-at-sign,X,',
      'ada@example.org,Ada,',
      'bob@example.org,Bob,hourly',
      'jörg@example.org,Jörg,',
      ',Nobody,',
    );
    expect(report).toMatchObject({ added: 1, bad: 4, needSmtputf8: 1 });
    expect(rows).toEqual([
      '2: it has no @',
      '4: the frequency is neither daily nor weekly',
      '5: letters beyond ASCII before the @ need an SMTP server that offers SMTPUTF8, and it is not known yet whether yours does; it is asked at the first connection',
      '6: no address',
    ]);
  });

  it('counts who is there twice once', async () => {
    const { report } = await importLines('ada@example.org', 'Ada@Example.org', 'ada@example.org');
    expect(report).toMatchObject({ added: 1, present: 2 });
  });

  it('revives nobody', async () => {
    const { list, db } = await startApp();
    await addReaders({ list }, ['ada@example.org', 'emmy@example.org']);
    await list.remove('ada@example.org', 'left');
    await list.forget('emmy@example.org');
    const report = await importFile(
      list,
      await listFileAt(aFile('ada@example.org', 'emmy@example.org')),
    );
    expect(report).toMatchObject({ added: 0, present: 0, suppressed: 2 });
    expect(report.reasons).toEqual({ left: 1, forgotten: 1 });
    expect(await countSubscribers(db)).toEqual({ unsubscribed: 1 });
  });

  it('adds nobody whom the file itself calls unsubscribed', async () => {
    const { report, rows } = await importLines(
      'email,status',
      'ada@example.org,active',
      'emmy@example.org,unsubscribed',
    );
    expect(report).toMatchObject({ added: 1, bad: 0, suppressed: 1, reasons: { left: 1 } });
    expect(rows).toEqual([]);
  });

  it.each([
    ['a quote is left open', ['email', 'ada@example.org', '"emmy@example.org'], /list\.csv/],
    [
      'an address holds a line break',
      ['email', 'ada@example.org', '"emmy@example.org\r\nBcc: x@example.org"'],
      /list\.csv:3: a line break inside an address/,
    ],
    ['it is empty', [''], /the file is empty/],
    ['no column holds addresses', ['name,phone', 'Ada,5'], /no column is called email/],
  ])('stores nothing of a file where %s', async (_, lines, message) => {
    const { list, db } = await startApp();
    const file = await listFileAt(aFile(...lines));
    await expect(importFile(list, file)).rejects.toThrow(message);
    expect(await countSubscribers(db)).toEqual({});
  });

  it('says so where there is no such file', async () => {
    await expect(listFileAt('/no/such.csv')).rejects.toThrow(
      '/no/such.csv cannot be read: there is no such file',
    );
  });

  it('takes 20,000 rows', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `reader${at}@example.org,Reader ${at}`);
    const { report, db } = await importLines('email,name', ...lines);
    expect(report).toMatchObject({ added: 20_000, bad: 0 });
    expect(await countSubscribers(db)).toEqual({ active: 20_000 });
  });
});

describe('list files that are imported by themselves', () => {
  it('are read again only after they changed', async () => {
    const app = await startApp();
    const file = aFile('ada@example.org');
    expect(await importChangedLists(app.publishing, [file])).toMatchObject([{ added: 1 }]);
    expect(await importChangedLists(app.publishing, [file])).toEqual([]);
    writeFileSync(file, 'ada@example.org\nemmy@example.org\n');
    expect(await importChangedLists(app.publishing, [file])).toMatchObject([
      { added: 1, present: 1 },
    ]);
  });

  it('are read again once the server offers what their addresses need, and then no more', async () => {
    const app = await startApp();
    const file = aFile('ada@example.org', 'jörg@example.org', 'broken@');
    expect(await importChangedLists(app.publishing, [file])).toMatchObject([{ added: 1, bad: 2 }]);
    await rememberSmtputf8(app.db, false);
    expect(await importChangedLists(app.publishing, [file])).toEqual([]);
    await rememberSmtputf8(app.db, true);
    expect(await importChangedLists(app.publishing, [file])).toMatchObject([
      { added: 1, present: 1, bad: 1 },
    ]);
    expect(await importChangedLists(app.publishing, [file])).toEqual([]);
    await rememberSmtputf8(app.db, false);
    expect(await importChangedLists(app.publishing, [file])).toEqual([]);
    expect(await app.list.find('jörg@example.org')).toMatchObject({ status: 'active' });
  });

  it('take nobody off the list who is gone from them', async () => {
    const app = await startApp();
    const file = aFile('ada@example.org', 'emmy@example.org');
    await importChangedLists(app.publishing, [file]);
    writeFileSync(file, 'ada@example.org\n');
    await importChangedLists(app.publishing, [file]);
    expect(await countSubscribers(app.db)).toEqual({ active: 2 });
  });

  it('that are broken are reported and keep no other from being read', async () => {
    const app = await startApp();
    const reports = await importChangedLists(app.publishing, [
      aFile('"'),
      aFile('ada@example.org'),
    ]);
    expect(reports).toMatchObject([{ added: 1 }]);
    expect(app.runtime.logs.find(({ level }) => level === 50)).toMatchObject({
      msg: 'a list could not be imported',
    });
  });

  it('that a person has to explain are left out, and that is told once; the others are read', async () => {
    const sink = await startSink();
    const app = await startApp({ ...realSettings(sink.url), ADMIN_EMAIL: 'op@example.org' });
    const file = aFile('email,Consent', 'ada@example.org,given', 'emmy@example.org,withdrawn');
    const files = [file, aFile('bob@example.org')];
    const edition = await publishEdition({
      publishing: { ...app.publishing, listFiles: async () => files },
    });
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(['bob@example.org']);
    expect(await importChangedLists(app.publishing, files)).toEqual([{ file, leftOut: true }]);
    const told = { level: 50, file, columns: 'Consent' };
    expect(app.runtime.logs.filter(({ level }) => level === 50)).toMatchObject([told]);
    expect(await noticesOf(app)).toEqual(['trouble']);

    sink.clear();
    const worker = await app.startWorker(smtpOf(app.config));
    await worker.sendNotices(app.makeNotice);
    await worker.stop();
    const [sent] = sink.mails;
    const mail = sent && (await parseMail(sent));
    expect(mail?.subject).toContain('the list');
    expect(mail?.text).toContain('which: Consent.');
    expect(mail?.text).toContain(`\n\npaperround subscribers import ${file}\n\n`);

    writeFileSync(file, 'email,Consent\nada@example.org,given\nemmy@example.org,revoked\n');
    await importChangedLists(app.publishing, files);
    await importChangedLists(app.publishing, files);
    expect(await noticesOf(app)).toEqual(['trouble', 'trouble']);
  });

  it('that a person explained are not asked about again', async () => {
    const app = await startApp();
    const file = aFile('email,Consent', 'ada@example.org,given', 'emmy@example.org,withdrawn');
    await importChangedLists(app.publishing, [file]);
    const answers = { optOut: ['Consent=withdrawn'] };
    expect(await importPath(app, file, { answers })).toMatchObject({ added: 1, suppressed: 1 });
    expect(await importChangedLists(app.publishing, [file])).toEqual([]);
  });

  it('are logged without an address', async () => {
    const app = await startApp();
    await importChangedLists(app.publishing, [
      aFile('email', 'ada@example.org', 'broken@', 'x@y@z'),
    ]);
    expect(JSON.stringify(app.runtime.logs)).not.toMatch(/ada@|broken@|x@y/);
    expect(app.runtime.logs).toHaveLength(3);
  });

  it('are the .csv files of the folder but for the example, by name', async () => {
    const folder = tempFolder();
    for (const name of ['b.csv', 'a.csv', 'example.csv', 'notes.txt']) {
      writeFileSync(join(folder, name), '');
    }
    expect(await listFiles(folder)).toEqual([join(folder, 'a.csv'), join(folder, 'b.csv')]);
    expect(await listFiles(join(folder, 'nowhere'))).toEqual([]);
  });
});
