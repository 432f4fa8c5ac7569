import { describe, expect, it } from 'vitest';
import { smtpOf } from '../../../src/app.ts';
import { addReaders, publishEdition, startApp } from '../../support/app.ts';
import { join, linkFor } from '../../support/reader.ts';
import { startSink } from '../../support/smtp-sink.ts';
import { webOf } from '../../support/web.ts';

/** All that is kept, but for what only tells when a worker was alive. */
async function everything({ db }: Awaited<ReturnType<typeof startApp>>): Promise<string> {
  const tables = [
    'subscribers',
    'suppressions',
    'deliveries',
    'editions',
    'notices',
    'signUps',
    'addressChanges',
    'leavingReasons',
    'limits',
    'settings',
  ] as const;
  const rows = await Promise.all(tables.map(table => db.selectFrom(table).selectAll().execute()));
  return JSON.stringify(rows);
}

describe('the links in mails', () => {
  it('change nothing by 200 GETs and 200 HEADs each, as scanners open them', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    const web = webOf(app);
    await addReaders(app, ['ada@example.org']);
    const edition = await publishEdition(app);
    await join(app, 'emmy@example.org');
    const worker = await app.startWorker(smtpOf(app.config));
    await worker.deliver(edition);
    await worker.sendNotices(app.makeNotice);
    await worker.stop();
    const raw = sink.mails.map(mail => `${mail.raw}`.replace(/=\r\n/g, '')).join('\n');
    const found = raw.match(/https:\/\/news\.example\.org[^\s<>"]*/g) ?? [];
    const more = ['manage', 'change', 'undo'] as const;
    const links = new Set([
      ...found,
      ...(await Promise.all(more.map(async one => `/${one}/${await linkFor(app, one)}`))),
    ]);
    const all = [...links].join(' ');
    for (const kind of ['unsubscribe', 'preferences', 'confirm', 'editions'])
      expect(all).toContain(`/${kind}/`);

    const before = await everything(app);
    for (const link of links) {
      const path = link.replace('https://news.example.org', '') || '/';
      for (let visit = 0; visit < 200; visit += 1) {
        await web.request(path);
        await web.request(path, { method: 'HEAD' });
      }
    }
    expect(await everything(app)).toBe(before);
  });
});
