import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import { type Config, loadConfig, requireSending } from '../config/config.ts';
import { deskLink } from './desk-parts.ts';
import { answer, exitCodes, type Io, say } from './io.ts';
import { scheduledSource } from './load-scheduled.ts';
import { demo, openServices } from './services.ts';
import { firstSignal } from './signals.ts';

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
  const { web, service, signal: ending, stop } = await openServices(io, app, signal, closing);
  const source = scheduledSource(io, app, { signal: ending });
  // In the demo nobody waits for the morning.
  if (app.config.mode === 'demo') await app.publishDaily(source);
  service.wake();
  const scheduler = app.runSchedule(source, service.wake, ending);
  closing.push(async () => {
    stop();
    await scheduler;
  });
  greet(io, app.config, web.port, {
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
