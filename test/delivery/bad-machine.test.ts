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
import { webOf } from '../support/web.ts';

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

  it('does not keep the pages from being answered', async () => {
    const folder = tempFolder();
    const app = await startApp({}, { folder });
    await publishEdition(app);
    const web = webOf(app);

    const other = new Libsql(join(folder, 'papers.db'));
    other.exec('begin immediate');
    let written = false;
    const writing = addReaders(app, addresses(1)).then(() => {
      written = true;
    });
    const page = await web.request('/');
    expect([page.status, written]).toEqual([200, false]);
    other.exec('commit');
    other.close();
    await writing;
  });
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
