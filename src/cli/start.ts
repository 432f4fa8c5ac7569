import { join } from 'node:path';
import { type App, createApp, demoSmtp, smtpOf } from '../app.ts';
import { type Config, loadConfig, requireSending } from '../config.ts';
import { serveDeliveries } from '../delivery/serve.ts';
import { serveNotices } from '../delivery/serve-notices.ts';
import { smtputf8Offered } from '../store/settings.ts';
import { importChangedLists } from '../subscribers/import.ts';
import { startInbox } from '../transport/inbox.ts';
import { deskAround, deskLink } from './desk-parts.ts';
import { answer, exitCodes, type Io, say } from './io.ts';
import { scheduledSource } from './load-scheduled.ts';
import { firstSignal } from './signals.ts';

/** The demo's folder, and how many of its mails are kept. */
export const demo = { directory: 'subscribers/demo/inbox', keep: 500 };

/** Runs everything until it is told to end: pages, scheduler, lanes; in the demo an inbox, too. */
export async function start(io: Io): Promise<number> {
  const config = loadConfig();
  const settings = config.mode === 'demo' ? config : requireSending(config);
  const ending = firstSignal(io);
  const app = await createApp(settings);
  const closing: (() => Promise<unknown>)[] = [() => app.close()];
  try {
    await run(io, app, ending.signal, closing);
    await ending.received;
    return exitCodes.done;
  } finally {
    // In the opposite order of opening: nothing new comes in while the rest ends.
    for (const close of closing.reverse()) await close();
    ending.dispose();
  }
}

async function run(
  io: Io,
  app: App,
  signal: AbortSignal,
  closing: (() => Promise<unknown>)[],
): Promise<void> {
  const { config, runtime } = app;
  const inbox = config.mode === 'demo' ? await startInbox(demo, runtime) : null;
  if (inbox) closing.push(() => inbox.close());
  const smtp = inbox ? demoSmtp(inbox.port) : smtpOf(config);
  const worker = await app.startWorker(smtp);
  closing.push(() => worker.stop());
  // What it offers decides which addresses may sign up.
  if ((await smtputf8Offered(app.db)) === null) worker.probe().catch(() => 'asked again later');
  const stopping = new AbortController();
  const ending = AbortSignal.any([signal, stopping.signal]);
  const beforeScheduled = async () => importChangedLists(app, await app.listFiles());
  const service = serveDeliveries({ ...app, worker, beforeScheduled }, ending);
  const notices = serveNotices(
    { runtime, prepare: app.settleReaders, send: () => worker.sendNotices(app.makeNotice) },
    ending,
  );
  closing.push(async () => {
    stopping.abort();
    await Promise.all([service.ended, notices.ended]);
  });
  const desk = deskAround(io, app, { smtp, signal: ending });
  const web = await app.startWeb({
    inbox,
    onNotice: notices.wake,
    onDelivery: service.wake,
    desk,
  });
  closing.push(() => web.close());
  await importChangedLists(app, await app.listFiles());
  const source = scheduledSource(io, app, { signal: ending });
  // In the demo nobody waits for the morning.
  if (inbox) await app.publishDaily(source);
  service.wake();
  const scheduler = app.runSchedule(source, service.wake, ending);
  closing.push(async () => {
    stopping.abort();
    await scheduler;
  });
  greet(io, config, web.port, {
    next: await app.nextDaily(),
    desk: deskLink(app, web.port),
  });
}

function greet(
  io: Io,
  config: Config,
  port: number,
  { next, desk }: { readonly next: number | null; readonly desk: string },
): void {
  const base = config.publicUrl ?? `http://${config.host}:${port}`;
  const when = next === null ? 'never: SCHEDULE names no time to come' : showTime(next, config);
  answer(
    io,
    config.mode === 'demo' ? 'This is the demo: nothing leaves this machine.' : 'Running.',
  );
  answer(io, `  page          ${base}/`);
  if (config.mode === 'demo')
    answer(io, `  inbox         ${base}/inbox   (files: ${join(demo.directory, '*.eml')})`);
  answer(io, `  desk          ${desk}`);
  answer(io, `  next edition  ${when}`);
  say(io, 'Ctrl-C ends it.');
}

function showTime(instant: number, { timeZone }: Config): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'full',
    timeStyle: 'short',
  });
  return `${format.format(instant)} (${timeZone})`;
}
