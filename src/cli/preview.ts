import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mastheadOf, senderOf, templatesOf } from '../app.ts';
import { loadConfig } from '../config.ts';
import { type Day, localDay } from '../day.ts';
import { editionKey } from '../delivery/edition-key.ts';
import { composeEdition } from '../edition/compose.ts';
import { editionPath } from '../edition/edition-path.ts';
import { pickPapers } from '../edition/pick.ts';
import { fillSigned } from '../message/dkim.ts';
import { buildWireTemplate } from '../message/wire-template.ts';
import { createRenderer } from '../render/renderer.ts';
import { fillSlots } from '../render/slots.ts';
import { createRuntime } from '../runtime.ts';
import { count, exitCodes, type Io, say } from './io.ts';
import { loadAloud } from './load.ts';

/** What an editor says of an edition on the command line. */
export type EditionOptions = {
  readonly date?: Day;
  readonly papers?: number;
  readonly intro?: string;
  readonly subject?: string;
};

/** Stands for a reader's token: leads to no one. */
const token = 'preview-preview-preview-preview-preview-pr';

/** Writes an edition as files, without a database or a server. */
export async function preview(
  io: Io,
  source: string | undefined,
  options: EditionOptions & { out: string },
): Promise<number> {
  const config = loadConfig();
  const runtime = createRuntime(config.logLevel);
  const { now } = runtime;
  const date = options.date ?? localDay(now(), config.timeZone);
  const digest = await loadAloud(io, config, runtime, source, { referenceDay: date });
  const rules = { count: options.papers ?? config.papers, carried: { has: () => false } };
  const masthead = mastheadOf(config);
  const edition = composeEdition({
    kind: 'manual',
    date,
    digest,
    ...pickPapers(digest, rules),
    name: masthead.name,
    subject: options.subject,
    intro: options.intro,
  });
  const rendered = await createRenderer({ templates: templatesOf(config) }).renderEdition(
    edition,
    masthead,
    { path: editionPath(edition, editionKey(edition)) },
  );
  const wire = buildWireTemplate(rendered, senderOf(config), { sentAt: now(), seed: 'preview' });
  const values = { unsubscribe: token, preferences: token };
  const reader = { address: 'reader@example.org', reader: '1', ...values };
  await mkdir(options.out, { recursive: true });
  const files = {
    'edition.html': fillSlots(rendered.html, rendered.slots, values),
    'edition.txt': fillSlots(rendered.text, rendered.slots, values),
    'edition.eml': Buffer.concat(await fillSigned(wire, reader, config.dkim, now)),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(options.out, name), content);
  }
  for (const trimmed of rendered.trimmed) say(io, trimmed);
  say(io, `${rendered.subject}\n${count(rendered.picks, 'paper')} of ${edition.total}`);
  for (const name of Object.keys(files)) say(io, join(options.out, name));
  return exitCodes.done;
}
