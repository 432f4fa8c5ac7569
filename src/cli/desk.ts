import { createApp } from '../app.ts';
import { loadConfig, requireSending } from '../config/config.ts';
import { deskLink } from './desk-parts.ts';
import { answer, exitCodes, type Io, say } from './io.ts';
import { openServices } from './services.ts';
import { firstSignal } from './signals.ts';

/** Serves the pages with the desk, and delivers what they come to; publishes nothing by itself. */
export async function desk(io: Io): Promise<number> {
  const config = loadConfig();
  const settings = config.mode === 'demo' ? config : requireSending(config);
  const ending = firstSignal(io);
  const app = await createApp(settings);
  const closing: (() => Promise<unknown>)[] = [() => app.close()];
  try {
    const { web } = await openServices(io, app, ending.signal, closing);
    answer(io, `  desk          ${deskLink(app, web.port)}`);
    say(io, 'Ctrl-C ends it.');
    await ending.received;
    return exitCodes.done;
  } finally {
    for (const close of closing.reverse()) await close();
    ending.dispose();
  }
}
