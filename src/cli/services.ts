import { type App, demoSmtp, smtpOf } from '../app.ts';
import { type Service, serveDeliveries } from '../delivery/serve.ts';
import { serveNotices } from '../delivery/serve-notices.ts';
import { importChangedLists } from '../readers/import.ts';
import { smtputf8Offered } from '../store/settings.ts';
import { startInbox } from '../web/inbox/mailbox.ts';
import { deskAround } from './desk-parts.ts';
import type { Io } from './io.ts';

/** The demo's folder, and how many of its mails are kept. */
export const demo = { directory: 'subscribers/demo/inbox', keep: 500 };

/** What runs for as long as the program serves. */
export type Services = {
  readonly web: Awaited<ReturnType<App['startWeb']>>;
  readonly service: Service;
  /** Aborted when all of it is to end. */
  readonly signal: AbortSignal;
  readonly stop: () => void;
};

/**
 * Starts what serves people: lanes, notices, pages with the desk; in the demo an inbox, too.
 * Publishes nothing by itself. How to end each is put on `closing` as soon as it runs.
 */
export async function openServices(
  io: Io,
  app: App,
  told: AbortSignal,
  closing: (() => Promise<unknown>)[],
): Promise<Services> {
  const { config, runtime } = app;
  const inbox = config.mode === 'demo' ? await startInbox(demo, runtime) : null;
  if (inbox) closing.push(() => inbox.close());
  const smtp = inbox ? demoSmtp(inbox.port) : smtpOf(config);
  const worker = await app.startWorker(smtp);
  closing.push(() => worker.stop());
  // What it offers decides which addresses may sign up.
  if ((await smtputf8Offered(app.db)) === null) worker.probe().catch(() => 'asked again later');
  const stopping = new AbortController();
  const signal = AbortSignal.any([told, stopping.signal]);
  const beforeScheduled = async () => importChangedLists(app, await app.listFiles());
  const service = serveDeliveries({ ...app, worker, beforeScheduled }, signal);
  const notices = serveNotices(
    { runtime, prepare: app.settleReaders, send: () => worker.sendNotices(app.makeNotice) },
    signal,
  );
  const stop = () => stopping.abort();
  closing.push(async () => {
    stop();
    await Promise.all([service.ended, notices.ended]);
  });
  const desk = deskAround(io, app, { smtp, signal });
  const around = { inbox, onNotice: notices.wake, onDelivery: service.wake, desk };
  const web = await app.startWeb(around);
  closing.push(() => web.close());
  await beforeScheduled();
  return { web, service, signal, stop };
}
