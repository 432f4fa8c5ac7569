import { createApp, demoSmtp, smtpOf } from '../app.ts';
import { loadConfig, requireSending } from '../config.ts';
import { serveDeliveries } from '../delivery/serve.ts';
import { importChangedLists } from '../subscribers/import.ts';
import { startInbox } from '../transport/inbox.ts';
import { deskAround, deskLink } from './desk-parts.ts';
import { answer, exitCodes, type Io, say } from './io.ts';
import { firstSignal } from './signals.ts';
import { demo } from './start.ts';

/** Serves the desk, and delivers what is sent from it; publishes nothing by itself. */
export async function desk(io: Io): Promise<number> {
  const config = loadConfig();
  const settings = config.mode === 'demo' ? config : requireSending(config);
  const ending = firstSignal(io);
  const app = await createApp(settings);
  const closing: (() => Promise<unknown>)[] = [() => app.close()];
  try {
    const { runtime } = app;
    const inbox = config.mode === 'demo' ? await startInbox(demo, runtime) : null;
    if (inbox) closing.push(() => inbox.close());
    const smtp = inbox ? demoSmtp(inbox.port) : smtpOf(config);
    const worker = await app.startWorker(smtp);
    closing.push(() => worker.stop());
    const stopping = new AbortController();
    const signal = AbortSignal.any([ending.signal, stopping.signal]);
    const around = deskAround(io, app, { smtp, signal });
    const beforeScheduled = around.importLists;
    const service = serveDeliveries({ ...app, worker, beforeScheduled }, signal);
    const parts = { inbox, onNotice: () => {}, onDelivery: service.wake, desk: around };
    const web = await app.startWeb(parts);
    closing.push(async () => {
      stopping.abort();
      await Promise.all([service.ended, web.close()]);
    });
    await importChangedLists(app, await app.listFiles());
    answer(io, `  desk          ${deskLink(app, web.port)}`);
    say(io, 'Ctrl-C ends it.');
    await ending.received;
    return exitCodes.done;
  } finally {
    for (const close of closing.reverse()) await close();
    ending.dispose();
  }
}
