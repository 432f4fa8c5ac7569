import { describe, expect, it } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import { prepare } from '../../src/delivery/prepare.ts';
import { sendTest } from '../../src/delivery/preview.ts';
import { openConnection } from '../../src/delivery/smtp.ts';
import { claimDeliveries, makeDue } from '../../src/store/deliveries.ts';
import { getEdition } from '../../src/store/editions.ts';
import { leave } from '../../src/store/leaving.ts';
import { missingDeliveries } from '../../src/store/reports.ts';
import {
  addReaders,
  addresses,
  aRequest,
  deliver,
  publishEdition,
  startApp,
  statesOf,
  type TestApp,
} from '../support/app.ts';
import { hours, morning } from '../support/runtime.ts';
import { freePort, parseMail, type Sink, startSink } from '../support/smtp-sink.ts';

/** An app that sends through `sink`, `count` readers, and an edition published to them. */
async function published(sink: Sink, count: number, settings = {}) {
  const app = await startApp({ SMTP_URL: sink.url, ...settings });
  await addReaders(app, addresses(count));
  return { app, edition: await publishEdition(app) };
}

const rowOf = async ({ db }: TestApp, subscriberId: number) =>
  db
    .selectFrom('deliveries')
    .selectAll()
    .where('subscriberId', '=', subscriberId)
    .executeTakeFirstOrThrow();

/** Makes what was deferred due, and delivers again. */
async function again(app: TestApp, edition: number): Promise<void> {
  await makeDue(app.db, edition, app.runtime.now());
  await deliver(app, edition);
}

describe('delivering an edition', () => {
  it('gives it to every reader once, however many lanes there are', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 40, { LANES: '7' });
    expect(await deliver(app, edition)).toBeNull();
    expect(sink.recipients()).toEqual(addresses(40).sort());
    expect(await statesOf(app, edition)).toEqual({ sent: 40 });
    expect(await getEdition(app.db, edition)).toMatchObject({ status: 'sent' });
  });

  it('names one recipient and the sender in each envelope', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 3);
    await deliver(app, edition);
    expect(sink.mails.map(({ to }) => to.length)).toEqual([1, 1, 1]);
    expect(new Set(sink.mails.map(({ from }) => from))).toEqual(
      new Set(['papers@news.example.org']),
    );
  });

  it('has headers that mail programs and large receivers ask for', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 1);
    await deliver(app, edition);
    const raw = sink.mails[0]?.raw.toString('latin1') ?? '';
    const head = raw.split('\r\n\r\n')[0]?.replace(/\r\n[ \t]/g, ' ');
    const [, token = ''] = /unsubscribe\/([\w-]{42})>/.exec(head ?? '') ?? [];
    expect(head?.split('\r\n')).toEqual([
      'From: Daily Papers <papers@news.example.org>',
      'To: <reader1@example.org>',
      `Subject: =?utf-8?B?${Buffer.from('Paper 1 · Paper 2').toString('base64')}?=`,
      'Date: Wed, 03 Sep 2025 08:00:00 +0000',
      expect.stringMatching(/^Message-ID: <[0-9a-f]{20}\.1@news\.example\.org>$/),
      'List-Id: Daily Papers <daily-papers.news.example.org>',
      `List-Unsubscribe: <https://news.example.org/unsubscribe/${token}>, <mailto:papers@news.example.org?subject=unsubscribe%20${token}>`,
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'MIME-Version: 1.0',
      expect.stringMatching(/^Content-Type: multipart\/alternative; boundary="[^"]+"$/),
    ]);
  });

  it('gives each reader links of their own', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 2);
    await deliver(app, edition);
    const tokens = sink.mails.map(({ raw }) => /unsubscribe\/([\w-]{42})/.exec(String(raw))?.[1]);
    expect(new Set(tokens).size).toBe(2);
    for (const mail of sink.mails) {
      const { text, html } = await parseMail(mail);
      const [, own] = /unsubscribe\/([\w-]{42})/.exec(text ?? '') ?? [];
      expect(html).toContain(own);
    }
  });

  it('a second time sends nothing', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 3);
    await deliver(app, edition);
    sink.clear();
    await publishEdition(app);
    await deliver(app, edition);
    expect(sink.mails).toEqual([]);
  });

  it('a second time reaches a new reader alone', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 3);
    await deliver(app, edition);
    sink.clear();
    await addReaders(app, ['late@example.org']);
    await publishEdition(app);
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(['late@example.org']);
  });

  it('skips a reader who left after the audience was frozen', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 3);
    // As another program does it, whose skipping comes too late.
    await leave(app.db, 2, 'left', morning);
    await app.db.updateTable('deliveries').set({ state: 'queued' }).execute();
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(['reader1@example.org', 'reader3@example.org']);
    expect(await rowOf(app, 2)).toMatchObject({ state: 'skipped', attempts: 0 });
  });

  it('leaves alone what another worker holds', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 2);
    const other = await app.startWorker(smtpOf(app.config));
    await claimDeliveries(app.db, {
      editionId: edition,
      workerId: other.id,
      limit: 1,
      now: morning,
    });
    await deliver(app, edition);
    expect(sink.mails).toHaveLength(1);
    await other.stop();
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(['reader1@example.org', 'reader2@example.org']);
  });
});

describe('bad addresses', () => {
  it('do not harm the others', async () => {
    const isBad = (address: string) => Number(/\d+/.exec(address)) % 2 === 0;
    const sink = await startSink({ rejects: isBad });
    const { app, edition } = await published(sink, 20, { LANES: '3' });
    expect(await deliver(app, edition)).toBeNull();
    expect(sink.recipients()).toEqual(
      addresses(20)
        .filter(address => !isBad(address))
        .sort(),
    );
    expect(await statesOf(app, edition)).toEqual({ sent: 10, failed: 10 });
    expect(await missingDeliveries(app.db, edition, 1)).toMatchObject([
      { address: 'reader2@example.org', code: 550, reply: '550 5.1.1 No such user', attempts: 1 },
    ]);
  });
});

describe('a server that is down', () => {
  it('uses up nobody’s attempts, and a later run delivers to all', async () => {
    const port = await freePort();
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${port}`, LANES: '2' });
    await addReaders(app, addresses(3));
    const edition = await publishEdition(app);
    expect(await deliver(app, edition)).toMatchObject({
      text: expect.stringMatching(/ECONNREFUSED/),
    });
    expect(await statesOf(app, edition)).toEqual({ queued: 3 });
    expect(await rowOf(app, 1)).toMatchObject({ attempts: 0 });

    const sink = await startSink({ port });
    expect(await deliver(app, edition)).toBeNull();
    expect(sink.recipients()).toEqual(addresses(3));
  });
});

describe('a connection lost after the final dot', () => {
  it('is tried twice more, under the same Message-ID, and no oftener', async () => {
    const sink = await startSink({ onMail: () => 'drop' });
    const { app, edition } = await published(sink, 1);
    await deliver(app, edition);
    expect(await rowOf(app, 1)).toMatchObject({ state: 'deferred', lost: 1, attempts: 1 });
    await again(app, edition);
    expect(await rowOf(app, 1)).toMatchObject({ state: 'deferred', lost: 2 });
    await again(app, edition);
    expect(await rowOf(app, 1)).toMatchObject({
      state: 'failed',
      reply: expect.stringMatching(/^no reply after the message/),
    });
    await again(app, edition);
    expect(sink.mails).toHaveLength(3);
    const ids = sink.mails.map(({ raw }) => /^Message-ID: (.*)$/m.exec(String(raw))?.[1]);
    expect(new Set(ids).size).toBe(1);
  });

  it('is not tried again at once, and costs the others nothing', async () => {
    const sink = await startSink({
      onMail: ({ to }) => (to[0] === 'reader2@example.org' ? 'drop' : 'accept'),
    });
    const { app, edition } = await published(sink, 5, { LANES: '1' });
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(addresses(5));
    expect(await statesOf(app, edition)).toEqual({ sent: 4, deferred: 1 });
    expect((await rowOf(app, 2)).dueAt).toBeGreaterThan(app.runtime.now());
  });
});

describe('an edition that was resumed', () => {
  it('sends the bytes that were stored, with the links of the key of then', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink, 1);
    app.runtime.time += hours(1);
    await publishEdition(app, { papers: 1 });
    await deliver(app, edition);
    const mail = sink.mails[0];
    expect(mail && (await parseMail(mail)).date).toEqual(new Date(morning));
    expect(String(mail?.raw)).toContain('Paper 3');
  });
});

describe('a test send', () => {
  it('goes to the editor alone and leaves no row', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, addresses(2));
    const prepared = await prepare(app.publishing, aRequest());
    if (prepared.edition === null) throw new Error(prepared.reason);
    const connect = () => openConnection(smtpOf(app.config));
    expect(await sendTest(app.publishing, prepared, 'me@example.org', connect)).toBeNull();
    expect(sink.recipients()).toEqual(['me@example.org']);
    const mail = sink.mails[0];
    expect(mail && (await parseMail(mail)).subject).toBe('[Test] Paper 1 · Paper 2');
    for (const table of ['editions', 'picks', 'deliveries'] as const) {
      expect(await app.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  it('says why it was refused', async () => {
    const sink = await startSink({ rejects: () => true });
    const app = await startApp({ SMTP_URL: sink.url });
    const prepared = await prepare(app.publishing, aRequest());
    if (prepared.edition === null) throw new Error(prepared.reason);
    const connect = () => openConnection(smtpOf(app.config));
    expect(await sendTest(app.publishing, prepared, 'me@example.org', connect)).toBe(
      '550 5.1.1 No such user',
    );
  });
});
