import { fileURLToPath } from 'node:url';
import { mastheadOf, senderOf, smtpOf, templatesOf } from '../app.ts';
import { loadConfig } from '../config/config.ts';
import { openConnection } from '../delivery/smtp.ts';
import type { EditOptions } from '../edition/edits.ts';
import type { Day } from '../lib/day.ts';
import { UsageError } from '../lib/errors.ts';
import { createRuntime, type Runtime } from '../lib/runtime.ts';
import { createRenderer } from '../mail/render/renderer.ts';
import {
  type PreviewAsked,
  type PreviewSettings,
  previewChoice,
  readChoice,
} from '../web/desk/choices.ts';
import { createPreviewWeb } from '../web/desk/preview-web.ts';
import { startServer } from '../web/plumbing/server.ts';
import { answer, exitCodes, type Io, say } from './io.ts';
import { checkOnce, writeOnce } from './preview-once.ts';
import { previewSource, storedEditions } from './preview-source.ts';
import { loadAloud } from './setup.ts';
import { firstSignal } from './signals.ts';

/** What an editor says of an edition on the command line. */
export type EditionOptions = EditOptions & {
  readonly date?: Day;
  readonly papers?: number;
};

/** The options of `preview`. */
export type PreviewOptions = EditionOptions & {
  /** Write the parts of the mail into this folder. */
  readonly out?: string;
  readonly check?: true;
  readonly json?: true;
  readonly port?: number;
};

/** Shows an edition in a browser while it is worked on; or writes it, or checks it, once. */
export async function preview(
  io: Io,
  named: string | undefined,
  options: PreviewOptions,
): Promise<number> {
  const { out, check, json, port, date, papers, ...editOptions } = options;
  if (json && !check && out === undefined) {
    throw new UsageError('--json goes with --check or --out: it answers once');
  }
  const config = loadConfig();
  const runtime = createRuntime(config.logLevel);
  const stored = storedEditions(config, runtime);
  const source = previewSource(
    named ?? config.digest,
    named !== undefined,
    (source, wanted) => loadAloud(io, { config: loadConfig(), runtime }, source, wanted),
    stored,
  );
  const asked = { source, editOptions, papers, date };
  const once = () =>
    previewChoice(previewSettings(runtime), asked, readChoice({ kind: source.kind }));
  try {
    if (check) return await checkOnce(io, once, options);
    if (out !== undefined) return await writeOnce(io, await once(), out, options);
    // Who is told of a port gets that one; else any free one will do.
    return await serve(io, runtime, asked, port ?? (config.given.has('PORT') ? config.port : 0));
  } finally {
    await stored.close();
  }
}

/** The settings as they are now. Throws a UsageError. */
function previewSettings(runtime: Runtime): PreviewSettings {
  const config = loadConfig();
  const templates = templatesOf(config);
  return {
    runtime,
    templates,
    renderer: createRenderer({ templates }),
    masthead: mastheadOf(config),
    sender: senderOf(config),
    dkim: config.dkim,
    papers: config.papers,
    timeZone: config.timeZone,
    // The links of a test lead to nobody, whoever signs them.
    linkKey: { id: 0, key: runtime.random(32), retired: false },
    connect: async () => {
      if (config.smtp) return openConnection(smtpOf(config));
      throw new UsageError('set SMTP_URL and MAIL_FROM (in .env) to send tests');
    },
  };
}

/** The program's own templates, with the preview's page among them. */
const bundled = fileURLToPath(new URL('../../templates', import.meta.url));

async function serve(io: Io, runtime: Runtime, asked: PreviewAsked, port: number): Promise<number> {
  const ending = firstSignal(io);
  const shown = createPreviewWeb({
    ...asked,
    readSettings: () => previewSettings(runtime),
    bundled,
  });
  try {
    shown.watch();
    const server = await startServer(shown.web, '127.0.0.1', port);
    answer(io, `Preview: http://127.0.0.1:${server.port}/`);
    say(io, 'It follows changes of templates, digest and .env. Ctrl-C ends it.');
    await ending.received;
    shown.close();
    await server.close();
    return exitCodes.done;
  } finally {
    shown.close();
    ending.dispose();
  }
}
