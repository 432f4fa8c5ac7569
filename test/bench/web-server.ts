import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp, smtpOf, webSetup } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { prepare } from '../../src/delivery/prepare.ts';
import { publish } from '../../src/delivery/publish.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { keepMemorySmall } from '../../src/lib/runtime.ts';
import { createRenderer } from '../../src/mail/render/renderer.ts';
import { readPerson } from '../../src/readers/list.ts';
import { makeToken } from '../../src/readers/token.ts';
import { startServer } from '../../src/web/plumbing/server.ts';
import { createWeb } from '../../src/web/web.ts';
import { digestName, readMeasured, templates } from './edition.ts';
import { addReaders } from './readers.ts';
import { known, standings } from './standings.ts';

/** What a server in a process of its own is told, as JSON in its argument. */
export type ServerTask =
  /** A bare node:http server that answers everything with the bytes in this file. */
  | { readonly kind: 'bare'; readonly file: string }
  /** The program with an edition; with a port it delivers to that SMTP server at full speed. */
  | { readonly kind: 'ours'; readonly smtpPort: number | null; readonly readers: number };

/** What it says once it is ready, as a line of JSON. */
export type ServerReady = { readonly port: number; readonly tokens: readonly string[] };

const say = (ready: ServerReady | { sent: number }) =>
  process.stdout.write(`${JSON.stringify(ready)}\n`);

function bare(file: string): void {
  const page = readFileSync(file);
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-length': page.length };
  const server = createServer((_request, response) => {
    response.writeHead(200, headers);
    response.end(page);
  });
  server.listen(0, '127.0.0.1', () =>
    say({ port: (server.address() as AddressInfo).port, tokens: [] }),
  );
}

async function ours(smtpPort: number | null, readers: number): Promise<void> {
  keepMemorySmall();
  const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  const config = loadConfig(
    {
      SMTP_URL: `smtp://127.0.0.1:${smtpPort ?? 1}`,
      MAIL_FROM: 'Daily Papers <papers@example.org>',
      POSTAL_ADDRESS: 'Example Lab, 1 Main Street, Springfield',
      PUBLIC_URL: 'https://news.example.org',
      DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
      TEMPLATES: templates,
      TIMEZONE: 'UTC',
      LANES: '40',
      TRUST_PROXY: 'loopback',
      LOG_LEVEL: 'error',
    },
    folder,
  );
  const app = await createApp(config, { renderer: createRenderer({ templates }) });
  await addReaders(app.db, readers, app.runtime.now());
  await addKnown(app);
  const date = '2025-09-03';
  const digest = parseDigest(readMeasured(), { referenceDay: date, source: digestName });
  const prepared = await prepare(app.publishing, { kind: 'daily', date, digest, papers: 10 });
  if (prepared.edition === null) throw new Error(prepared.reason);
  const edition = await publish(app.publishing, prepared, 'readers');
  const around = { inbox: null, onNotice: () => {}, onDelivery: () => {} };
  const web = await startServer(createWeb(webSetup(app, around)), '127.0.0.1', 0);
  // Whose turn comes last: they leave while the others are sent to.
  const tokens = Array.from({ length: Math.min(readers, 2_000) }, (_, at) =>
    makeToken(app.linkKeys[0], 'unsubscribe', readers - at, 0),
  );
  say({ port: web.port, tokens });
  if (smtpPort === null) return;
  const worker = await app.startWorker(smtpOf(config));
  let sent = 0;
  process.on('SIGTERM', () => {
    say({ sent });
    process.exit(0);
  });
  await worker.deliver(edition, {
    onOutcome: () => {
      sent += 1;
    },
  });
}

async function addKnown({ list, db }: App): Promise<void> {
  const all = standings.slice(1).map(standing => peopleOf(standing));
  for (const people of all) await list.addAll(people, 'bench');
  await db
    .updateTable('subscribers')
    .set({ status: 'pending' })
    .where('addressKey', 'like', 'pending%')
    .execute();
  for (const { address } of peopleOf('suppressed')) await list.remove(address.address, 'editor');
}

const peopleOf = (standing: string) =>
  Array.from({ length: known }, (_, at) => readPerson(`${standing}${at}@known.example`));

const task: ServerTask = JSON.parse(process.argv[2] ?? '');
if (task.kind === 'bare') bare(task.file);
else await ours(task.smtpPort, task.readers);
