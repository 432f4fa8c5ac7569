import { join } from 'node:path';
import { type Closing, createApp, demoInbox, type Services } from '../app.ts';
import { type Config, loadConfig, requireSending } from '../config/config.ts';
import { sayTime } from '../lib/zoned-time.ts';
import { answer, exitCodes, type Io, say } from './io.ts';
import { loadMeans } from './setup.ts';
import { firstSignal } from './signals.ts';

/** Runs everything until it is told to end: pages, scheduler, lanes; in the demo an inbox, too. */
export function start(io: Io): Promise<number> {
  return serveUntilTold(io, async (services, config, desk) => {
    await services.runSchedule();
    greet(io, config, services.port, { next: await services.nextDaily(), desk });
  });
}

/** Serves the pages with the desk, and delivers what they come to; publishes nothing by itself. */
export function desk(io: Io): Promise<number> {
  return serveUntilTold(io, async (_services, _config, desk) => {
    answer(io, `  desk          ${desk}`);
  });
}

async function serveUntilTold(
  io: Io,
  begin: (services: Services, config: Config, desk: string) => Promise<void>,
): Promise<number> {
  const given = loadConfig();
  const config = given.mode === 'demo' ? given : requireSending(given);
  const ending = firstSignal(io);
  const app = await createApp(config);
  const closing: Closing = [() => app.close()];
  try {
    const services = await app.serve(loadMeans(io, app), ending.signal, closing);
    await begin(services, config, deskLink(config, services));
    say(io, 'Ctrl-C ends it.');
    await ending.received;
    return exitCodes.done;
  } finally {
    // In the opposite order of opening: nothing new comes in while the rest ends.
    for (const close of closing.reverse()) await close();
    ending.dispose();
  }
}

/** Where the desk is; with the key that opens it once, where there is no password. */
function deskLink({ deskPassword, publicUrl, host }: Config, { port, deskKey }: Services): string {
  if (deskPassword === null) return `http://127.0.0.1:${port}/desk?key=${deskKey}`;
  return `${publicUrl ?? `http://${host}:${port}`}/desk`;
}

function greet(
  io: Io,
  config: Config,
  port: number,
  { next, desk }: { readonly next: number | null; readonly desk: string },
): void {
  const base = config.publicUrl ?? `http://${config.host}:${port}`;
  const when =
    next === null ? 'never: SCHEDULE names no time to come' : sayTime(next, config.timeZone);
  answer(
    io,
    config.mode === 'demo' ? 'This is the demo: nothing leaves this machine.' : 'Running.',
  );
  answer(io, `  page          ${base}/`);
  if (config.mode === 'demo')
    answer(io, `  inbox         ${base}/inbox   (files: ${join(demoInbox, '*.eml')})`);
  answer(io, `  desk          ${desk}`);
  answer(io, `  next edition  ${when}`);
}
