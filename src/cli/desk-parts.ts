import type { App, DeskAround } from '../app.ts';
import { openConnection, type SmtpSettings } from '../delivery/smtp.ts';
import { importChangedLists } from '../readers/import.ts';
import type { Io } from './io.ts';
import { loadAsSet } from './load.ts';
import { loadDaily } from './load-daily.ts';

/** What stands around the desk where a command serves it, until `signal` is aborted. */
export function deskAround(
  io: Pick<Io, 'stdin'>,
  app: App,
  { smtp, signal }: { readonly smtp: SmtpSettings; readonly signal: AbortSignal },
): DeskAround {
  const { config, runtime } = app;
  return {
    load: (source, referenceDay) =>
      source === undefined
        ? loadDaily(io, app, undefined, { referenceDay })
        : loadAsSet(io, config, runtime, source, { referenceDay }),
    connect: () => openConnection(smtp),
    nextDaily: () => app.nextDaily(),
    importLists: async () => importChangedLists(app, await app.listFiles()),
    signal,
  };
}

/** Where the desk is, for who started it: with the key that opens it once, where there is no password. */
export function deskLink({ config, deskKey }: App, port: number): string {
  if (config.deskPassword === null) return `http://127.0.0.1:${port}/desk?key=${deskKey.text}`;
  return `${config.publicUrl ?? `http://${config.host}:${port}`}/desk`;
}
