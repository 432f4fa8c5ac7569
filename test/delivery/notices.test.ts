import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import { serveNotices } from '../../src/delivery/notices.ts';
import type { Connection } from '../../src/delivery/smtp.ts';
import { startWorker as startAnyWorker, type Worker } from '../../src/delivery/worker.ts';
import { managerOf, sendManageLink } from '../../src/readers/preferences.ts';
import { confirm } from '../../src/readers/sign-up.ts';
import { moveEdition } from '../../src/store/editions.ts';
import { leave } from '../../src/store/leaving.ts';
import { addReaders, publishEdition, startApp, type TestApp } from '../support/app.ts';
import { join, linkFor } from '../support/reader.ts';
import { hours, minutes, morning, testRuntime } from '../support/runtime.ts';
import { at, startScripted } from '../support/scripted-smtp.ts';
import { parseMail, startSink } from '../support/smtp-sink.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function startWorker(app: TestApp): Promise<Worker> {
  const worker = await app.startWorker(smtpOf(app.config));
  onTestFinished(() => worker.stop());
  return worker;
}

const send = async (app: TestApp, make = app.makeNotice) =>
  (await startWorker(app)).sendNotices(make);

/** A mail that takes no time to make. */
const plain = async () => [Buffer.from('Subject: x\r\n\r\nx\r\n')];

/** A worker whose every connection is this one. */
async function brokenWorker(
  { db, runtime, linkKeys }: TestApp,
  connection: Connection,
): Promise<Worker> {
  const connect = async () => connection;
  const worker = await startAnyWorker({ db, runtime, linkKeys, connect, from: 'a@b.c', lanes: 1 });
  onTestFinished(() => worker.stop());
  return worker;
}

const rows = ({ db }: TestApp) =>
  db.selectFrom('notices').select(['state', 'dueAt', 'attempts', 'code', 'reply']).execute();

describe('the mail that asks to confirm', () => {
  it('goes to the address, with a link that confirms, and nothing that was typed', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await join(app, 'ada+no@example.org');
    expect(await send(app)).toBe(0);
    const [mail] = await Promise.all(sink.mails.map(parseMail));
    expect(sink.recipients()).toEqual(['ada+no@example.org']);
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.headers.has('list-unsubscribe')).toBe(false);
    const [link] = /https:\/\/news\.example\.org\/confirm\/[\w-]{42}/.exec(mail?.text ?? '') ?? [];
    expect(mail?.html).toContain(`href="${link}"`);
    expect(`${mail?.text}${mail?.html}`).not.toContain('ada');
    expect(await confirm(app, `${link}`.slice(-42))).toMatchObject({ state: 'done' });
  });

  it('goes out while editions are paused', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await moveEdition(app.db, await publishEdition(app), ['sending'], 'paused');
    await join(app);
    await send(app);
    expect(sink.mails).toHaveLength(1);
  });

  it('is tried again later where the server says so, under the same Message-ID', async () => {
    const server = await startScripted(at('dot', '451 4.3.0 later', ({ time }) => time === 1));
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${server.port}` });
    await join(app);
    await send(app);
    expect(await rows(app)).toMatchObject([{ state: 'deferred', attempts: 1, code: 451 }]);
    expect(await send(app)).toBe(0);
    app.runtime.time += minutes(3);
    await send(app);
    expect(await rows(app)).toMatchObject([{ state: 'sent', attempts: 2 }]);
    const ids = server.mails.map(({ wire }) => /^Message-ID: .*$/im.exec(`${wire}`)?.[0]);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(2);
  });

  it('waits five minutes where the server refuses us, and is not lost', async () => {
    const server = await startScripted(at('MAIL', '530 5.7.0 sign in first'));
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${server.port}` });
    await join(app);
    await send(app);
    expect(await rows(app)).toMatchObject([{ state: 'deferred', dueAt: morning + minutes(5) }]);
  });

  it('is not tried any more after a day', async () => {
    const server = await startScripted(at('RCPT', '451 4.3.0 later'));
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${server.port}` });
    await join(app);
    await send(app);
    app.runtime.time += hours(23.99);
    await send(app);
    expect(await rows(app)).toMatchObject([{ state: 'failed' }]);
  });

  it('waits where nobody answers, and says for how long', async () => {
    const app = await startApp({ SMTP_URL: 'smtp://127.0.0.1:1' });
    await join(app);
    expect(await send(app)).toBeGreaterThan(0);
    expect(await rows(app)).toMatchObject([{ state: 'queued', attempts: 0 }]);
  });

  it('of a worker that died is sent by another', async () => {
    const sink = await startSink();
    const runtime = testRuntime();
    const app = await startApp({ SMTP_URL: sink.url }, { folder: tempFolder(), runtime });
    await join(app);
    await app.db.updateTable('notices').set({ state: 'sending', claimedBy: 'dead' }).execute();
    await send(app);
    expect(sink.mails).toHaveLength(0);
    const worker = await startWorker(app);
    await worker.takeOver();
    await worker.sendNotices(app.makeNotice);
    expect(sink.mails).toHaveLength(1);
  });

  it('is sent later where it could not be made: a template is mended, a process was ended', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await join(app);
    const worker = await startWorker(app);
    await worker.sendNotices(() => Promise.reject(new Error('rendering ended early')));
    expect(await rows(app)).toMatchObject([{ state: 'deferred', attempts: 1 }]);
    app.runtime.time += minutes(2);
    await worker.sendNotices(plain);
    expect(sink.mails).toHaveLength(1);
  });

  it('is given back where sending broke down, while the worker lives on', async () => {
    const app = await startApp();
    await join(app);
    const broken = { closed: false, smtputf8: true, close: () => {} } as unknown as Connection;
    const worker = await brokenWorker(app, broken);
    await expect(worker.sendNotices(app.makeNotice)).rejects.toThrow();
    expect(await rows(app)).toMatchObject([{ state: 'deferred' }]);
  });

  it('is not sent where it waited for longer than a day', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await join(app);
    app.runtime.time += hours(25);
    await send(app);
    expect(sink.mails).toHaveLength(0);
    expect(await rows(app)).toMatchObject([{ state: 'failed', reply: 'expired' }]);
  });

  it('is not sent to who complained meanwhile, or was removed', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await join(app);
    await app.list.remove('ada@example.org', 'editor');
    await send(app);
    expect(sink.mails).toHaveLength(0);
    expect(await rows(app)).toMatchObject([{ state: 'skipped', reply: 'left' }]);
  });

  it('knocks once where the server refuses us, however many wait', async () => {
    const server = await startScripted(at('MAIL', '530 5.7.0 sign in first'));
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${server.port}` });
    for (const name of ['ada', 'emmy', 'grace']) await join(app, `${name}@example.org`);
    expect(await send(app)).toBe(minutes(5));
    expect((await rows(app)).map(({ attempts }) => attempts)).toEqual([1, 0, 0]);
  });

  it('goes over as many connections as the server wants, at once', async () => {
    const once = at('dot', { say: '250 2.0.0 Ok', drop: true });
    const server = await startScripted(once);
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${server.port}` });
    for (const name of ['ada', 'emmy', 'grace']) await join(app, `${name}@example.org`);
    expect(await send(app, plain)).toBe(0);
    expect(server.connections).toBe(3);
    const sent = { state: 'sent', attempts: 1 };
    expect(await rows(app)).toMatchObject([sent, sent, sent]);
  });

  it('is due again where the clock was set back', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await join(app);
    await app.db
      .updateTable('notices')
      .set({ state: 'deferred', dueAt: morning + hours(24 * 365) })
      .execute();
    await send(app, plain);
    expect(sink.mails).toHaveLength(1);
  });

  it('is not sent to who was forgotten meanwhile', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await join(app);
    await app.db.deleteFrom('subscribers').execute();
    await send(app);
    expect(sink.mails).toHaveLength(0);
  });
});

describe('the loop that sends notices', () => {
  it('asks a server that is down no sooner because something is new, but prepares it', async () => {
    const ending = new AbortController();
    const runtime = testRuntime();
    let prepared = 0;
    const asked: number[] = [];
    const loop = serveNotices(
      {
        runtime,
        prepare: async () => {
          prepared += 1;
          setImmediate(() => loop.wake());
        },
        send: async () => {
          asked.push(prepared);
          if (asked.length === 2) ending.abort();
          return minutes(1);
        },
      },
      ending.signal,
    );
    await vi.waitFor(() => expect(prepared).toBeGreaterThan(3));
    runtime.time += minutes(1);
    await loop.ended;
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBe(1);
    expect(asked[1]).toBeGreaterThan(3);
  });
});

describe('other notices', () => {
  it('bring the link to one’s data, which is good', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, ['ada@example.org', 'emmy@example.org']);
    await sendManageLink(app, await linkFor(app, 'preferences', 'emmy@example.org'));
    await send(app);
    const [mail] = await Promise.all(sink.mails.map(parseMail));
    const [link = ''] = /\/manage\/[\w-]{42}/.exec(mail?.text ?? '') ?? [];
    expect(await managerOf(app, link.slice(-42))).toMatchObject({ address: 'emmy@example.org' });
  });

  it('are not sent to who left meanwhile', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, ['ada@example.org']);
    await join(app);
    await leave(app.db, 1, 'left', morning);
    await send(app);
    expect(sink.mails).toHaveLength(0);
    expect(await rows(app)).toMatchObject([{ state: 'skipped' }]);
  });

  it('tell who signs up again that they are on the list, once an hour', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await join(app);
    await confirm(app, await linkFor(app, 'confirm'));
    app.runtime.time += hours(2);
    for (let again = 0; again < 3; again += 1) await join(app);
    await send(app);
    const mails = await Promise.all(sink.mails.map(parseMail));
    expect(mails).toHaveLength(3);
    expect(mails[2]?.text).toContain(`/preferences/${await linkFor(app, 'preferences')}`);
  });
});
