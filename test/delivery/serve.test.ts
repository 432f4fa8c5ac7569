import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import { serveDeliveries } from '../../src/delivery/serve.ts';
import { getEdition } from '../../src/store/editions.ts';
import {
  addReaders,
  addresses,
  publishEdition,
  startApp,
  statesOf,
  type TestApp,
} from '../support/app.ts';
import { hours } from '../support/runtime.ts';
import { at, startScripted } from '../support/scripted-smtp.ts';
import { freePort, startSink } from '../support/smtp-sink.ts';

/** The loop that `start` runs; it ends with the test. */
async function serve(app: TestApp) {
  const ending = new AbortController();
  const worker = await app.startWorker(smtpOf(app.config));
  const service = serveDeliveries({ ...app.publishing, worker }, ending.signal);
  onTestFinished(async () => {
    ending.abort();
    await service.ended;
    await worker.stop();
  });
  const becomes = (edition: number, expected: object) =>
    vi.waitFor(async () => expect(await getEdition(app.db, edition)).toMatchObject(expected));
  return { service, becomes };
}

describe('the loop of start', () => {
  it('pauses for a server that is down, probes it, and goes on as soon as it answers', async () => {
    const port = await freePort();
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${port}` });
    await addReaders(app, ['ada@example.org']);
    const edition = await publishEdition(app);
    const { service, becomes } = await serve(app);
    await becomes(edition, { status: 'paused', pausedBy: 'relay' });
    const sink = await startSink({ port });
    service.wake();
    await becomes(edition, { status: 'sent' });
    expect(sink.recipients()).toEqual(['ada@example.org']);
  });

  it('leaves an edition alone that a person paused', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, ['ada@example.org']);
    const paused = await publishEdition(app, { date: '2025-09-02' });
    await app.db.updateTable('editions').set({ status: 'paused', pausedBy: 'operator' }).execute();
    const open = await publishEdition(app, { startOver: true });
    const { becomes } = await serve(app);
    await becomes(open, { status: 'sent' });
    expect(await getEdition(app.db, paused)).toMatchObject({ status: 'paused' });
    expect(await statesOf(app, paused)).toEqual({ queued: 1 });
  });

  it('gives up on an edition whose time is over, without blame', async () => {
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}` });
    await addReaders(app, ['ada@example.org']);
    const edition = await publishEdition(app);
    app.runtime.time += hours(24);
    const { becomes } = await serve(app);
    await becomes(edition, { status: 'expired' });
    expect(await statesOf(app, edition)).toEqual({ failed: 1 });
  });

  it('delivers an edition though an earlier one cannot be', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, ['ada@example.org']);
    const broken = await publishEdition(app, { date: '2025-09-02' });
    await app.db.updateTable('editions').set({ wire: 'no JSON' }).execute();
    const open = await publishEdition(app, { startOver: true });
    const { becomes } = await serve(app);
    await becomes(open, { status: 'sent' });
    expect(await statesOf(app, broken)).toEqual({ queued: 1 });
  });

  it('waits where the server names a limit, and goes on when that is over', async () => {
    const server = await startScripted(at('MAIL', '550 5.4.5 Daily sending quota exceeded'));
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${server.port}` });
    await addReaders(app, ['ada@example.org']);
    const edition = await publishEdition(app);
    const resumeAt = app.runtime.time + hours(6);
    const { service, becomes } = await serve(app);
    await becomes(edition, { status: 'paused', pausedBy: 'relay', resumeAt });
    server.script = null;
    app.runtime.time = resumeAt;
    service.wake();
    await becomes(edition, { status: 'sent', resumeAt: null });
  });

  it('begins no other message once it is told to end', async () => {
    const ending = new AbortController();
    const sink = await startSink({
      onMail: () => {
        ending.abort();
        return 'accept';
      },
    });
    const app = await startApp({ SMTP_URL: sink.url, LANES: '1' });
    await addReaders(app, addresses(5));
    const edition = await publishEdition(app);
    const worker = await app.startWorker(smtpOf(app.config));
    await serveDeliveries({ ...app.publishing, worker }, ending.signal).ended;
    await worker.stop();
    expect(await statesOf(app, edition)).toEqual({ sent: 1, queued: 4 });
  });
});
