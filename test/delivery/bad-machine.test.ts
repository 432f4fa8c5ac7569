import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import {
  addReaders,
  addresses,
  deliver,
  publishEdition,
  startApp,
  statesOf,
} from '../support/app.ts';
import { hours, testRuntime } from '../support/runtime.ts';
import { startSink } from '../support/smtp-sink.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('a database that another program has locked', () => {
  it('is waited for, and nobody is lost or mailed twice', async () => {
    const folder = tempFolder();
    const sink = await startSink();
    let unlock = () => {};
    let waits = 0;
    const runtime = testRuntime({
      onWait: () => {
        waits += 1;
        if (waits === 20) unlock();
      },
    });
    const app = await startApp({ SMTP_URL: sink.url, LANES: '3' }, { folder, runtime });
    await addReaders(app, addresses(10));
    const edition = await publishEdition(app);

    const other = new Libsql(join(folder, 'papers.db'));
    other.exec('begin immediate');
    unlock = () => {
      expect(sink.mails).toEqual([]);
      other.exec('commit');
      other.close();
    };
    waits = 0;
    expect(await deliver(app, edition)).toBeNull();
    expect(waits).toBeGreaterThanOrEqual(20);
    expect(sink.recipients()).toEqual(addresses(10).sort());
    expect(await statesOf(app, edition)).toEqual({ sent: 10 });
  });

  // Kysely has one connection to SQLite: who waits for the lock keeps everybody else from reading.
  it.todo('does not keep the pages from being answered');
});

describe('a clock that is set back an hour', () => {
  it('in mid-run loses nobody and repeats nothing', async () => {
    const runtime = testRuntime();
    let count = 0;
    const sink = await startSink({
      onMail: () => {
        count += 1;
        if (count === 4) runtime.time -= hours(1);
        return 'accept';
      },
    });
    const app = await startApp({ SMTP_URL: sink.url, LANES: '2' }, { runtime });
    await addReaders(app, addresses(10));
    const edition = await publishEdition(app);
    // What is queued was due at a time that is to come again.
    await deliver(app, edition);
    runtime.time += hours(1);
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(addresses(10).sort());
    expect(await statesOf(app, edition)).toEqual({ sent: 10 });
  });
});
