import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mastheadOf, senderOf, smtpOf, templatesOf } from '../app.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { openConnection } from '../delivery/smtp.ts';
import { sendTest } from '../delivery/test-send.ts';
import type { EditOptions } from '../edition/edits.ts';
import type { Day } from '../lib/day.ts';
import { UsageError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import { type Database, openReader } from '../store/database.ts';
import { getEdition, listEditions } from '../store/editions.ts';
import { startServer, type WebServer } from '../web/plumbing/server.ts';
import { createLive } from '../web/preview/live.ts';
import type { Proof } from '../web/preview/press.ts';
import {
  createSession,
  type PreviewSettings,
  type PreviewSource,
  proveOnce,
  type Session,
} from '../web/preview/session.ts';
import { createPreviewWeb } from '../web/preview/web.ts';
import { type LoadDigest, previewSource } from './preview-source.ts';

export type { Proof } from '../web/preview/press.ts';

/** The program's own templates, with the preview's page among them. */
const bundled = fileURLToPath(new URL('../../templates', import.meta.url));

/** The settings as they are now, for a preview. Throws a UsageError. */
function readPreviewSettings(runtime: Runtime): PreviewSettings {
  const config = loadConfig();
  return {
    templates: templatesOf(config),
    masthead: mastheadOf(config),
    sender: senderOf(config),
    dkim: config.dkim,
    now: runtime.now,
    papers: config.papers,
    timeZone: config.timeZone,
    sendTest: (rendered, address) => {
      if (!config.smtp) {
        throw new UsageError('set SMTP_URL and MAIL_FROM (in .env) to send tests');
      }
      const smtp = smtpOf(config);
      // Its links lead to nobody, whoever signs them.
      const linkKey = { id: 0, key: runtime.random(32), retired: false };
      const sending = { runtime, sender: senderOf(config), dkim: config.dkim, linkKey };
      return sendTest(sending, { rendered }, address, () => openConnection(smtp));
    },
  };
}

/** How many of the editions that were published one can look at. */
const storedShown = 60;

/** The editions in the database, where there is one: none is made, and nothing is written. */
export function storedEditions(
  { database: { path } }: Pick<Config, 'database'>,
  runtime: Runtime,
): Pick<PreviewSource, 'listStored' | 'getStored'> & { close(): Promise<void> } {
  let db: Database | null = null;
  const open = () => {
    if (!db && existsSync(path)) db = openReader(path, runtime);
    return db;
  };
  return {
    listStored: async () => {
      const reader = open();
      // One of another version of the program may lack a column.
      const stored = reader ? await listEditions(reader, storedShown).catch(() => []) : [];
      return stored.map(({ id, content }) => ({ id, edition: content }));
    },
    getStored: async id => {
      const reader = open();
      return (reader && (await getEdition(reader, id))?.content) ?? null;
    },
    close: async () => db?.destroy(),
  };
}

/** What a preview is asked for. */
export type PreviewOrder = {
  /** A digest or a folder of them; DIGEST where it is left out. */
  readonly named: string | undefined;
  readonly load: LoadDigest;
  readonly editOptions: EditOptions;
  readonly papers: number | undefined;
  readonly date: Day | undefined;
};

export type Preview = {
  /** The edition as `send` would make it. Throws what is wrong with its digest or templates. */
  prove(): Promise<Proof>;
  /** Serves it at 127.0.0.1 while files change. Throws a UsageError where it cannot listen. */
  serve(port: number): Promise<WebServer>;
  close(): Promise<void>;
};

/** Prepares a preview. Throws a UsageError for the settings. */
export function createPreview({ named, load, ...wanted }: PreviewOrder, runtime: Runtime): Preview {
  const config = loadConfig();
  const stored = storedEditions(config, runtime);
  const source = previewSource(named ?? config.digest, named !== undefined, load, stored);
  const readSettings = () => readPreviewSettings(runtime);
  return {
    prove: () => proveOnce({ readSettings, source, ...wanted }),
    serve: port => serve(createSession({ readSettings, source, ...wanted }), runtime, port),
    close: () => stored.close(),
  };
}

async function serve(session: Session, runtime: Runtime, port: number): Promise<WebServer> {
  const live = createLive(runtime.random(6).toString('hex'));
  const watching = session.watch(live.changed);
  const end = () => {
    watching.close();
    live.close();
  };
  try {
    const web = createPreviewWeb(session, live, { bundled });
    const server = await startServer(web, '127.0.0.1', port);
    return {
      port: server.port,
      close: () => {
        end();
        return server.close();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}
