import { createPreview, type Preview } from '../app/preview.ts';
import { loadConfig } from '../config/config.ts';
import type { EditOptions } from '../edition/edits.ts';
import type { Day } from '../lib/day.ts';
import { UsageError } from '../lib/errors.ts';
import { createRuntime } from '../lib/runtime.ts';
import { answer, exitCodes, type Io, say } from './io.ts';
import { loadAloud } from './load.ts';
import { checkOnce, writeOnce } from './preview-once.ts';
import { firstSignal } from './signals.ts';

/** What an editor says of an edition on the command line. */
export type EditionOptions = {
  readonly date?: Day;
  readonly papers?: number;
  readonly intro?: string;
  readonly subject?: string;
};

/** The options of `preview`. */
export type PreviewOptions = EditionOptions &
  EditOptions & {
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
  const load: Parameters<typeof createPreview>[0]['load'] = (source, wanted) =>
    loadAloud(io, { config: loadConfig(), runtime }, source, wanted);
  const shown = createPreview({ named, load, editOptions, papers, date }, runtime);
  try {
    if (check) return await checkOnce(io, shown, options);
    if (out !== undefined) return await writeOnce(io, await shown.prove(), out, options);
    // Who is told of a port gets that one; else any free one will do.
    const given = port ?? (config.given.has('PORT') ? config.port : 0);
    return await serve(io, shown, given);
  } finally {
    await shown.close();
  }
}

async function serve(io: Io, shown: Preview, port: number): Promise<number> {
  const ending = firstSignal(io);
  try {
    const server = await shown.serve(port);
    answer(io, `Preview: http://127.0.0.1:${server.port}/`);
    say(io, 'It follows changes of templates, digest and .env. Ctrl-C ends it.');
    await ending.received;
    await server.close();
    return exitCodes.done;
  } finally {
    ending.dispose();
  }
}
