import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import nodemailer from 'nodemailer';
import { freeze } from '../../src/delivery/freeze.ts';
import { openConnection } from '../../src/delivery/smtp.ts';
import { startWorker } from '../../src/delivery/worker.ts';
import { createRuntime, keepMemorySmall, type Runtime } from '../../src/lib/runtime.ts';
import type { DkimKey } from '../../src/mail/message/dkim.ts';
import { signableHeaders } from '../../src/mail/message/dkim.ts';
import { fill, readyTemplate } from '../../src/mail/message/fill.ts';
import type { WireTemplate } from '../../src/mail/message/wire-template.ts';
import type { Rendered } from '../../src/mail/render/rendered.ts';
import { beginFreezing } from '../../src/store/audience.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { insertEdition } from '../../src/store/editions.ts';
import { linkKeys } from '../../src/store/settings.ts';
import { addReaders } from './readers.ts';

/** What every contender is given, as JSON in a file. */
export type Task = {
  readonly kind: 'composing' | 'raw' | 'ours';
  readonly port: number;
  readonly messages: number;
  /** How many readers the list has; as many as there are messages where left out. */
  readonly readers?: number;
  readonly lanes: number;
  /** A PEM private key, where messages are signed. */
  readonly dkimKey: string | null;
  readonly rendered: Rendered;
  readonly wire: WireTemplate;
};

/** What a contender prints, as JSON. `cpuMs` is of the delivering alone, `rssMb` the peak. */
export type Result = {
  readonly messages: number;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  /** Freezing the audience: how long it took, and the longest it held the event loop. */
  readonly freezeSeconds?: number;
  readonly longestHoldMs?: number;
};

const from = 'papers@example.org';
const addressOf = (reader: number) => `reader${reader}@sink.example`;

async function measure(messages: number, work: () => Promise<unknown>): Promise<Result> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const rssMb = process.resourceUsage().maxRSS / 1024;
  return { messages, seconds, cpuMs: (user + system) / 1000, rssMb };
}

/** Sends `messages` with `send`, as many at a time as a pool queues without holding them all. */
async function inFlight(
  messages: number,
  most: number,
  send: (reader: number) => Promise<unknown>,
) {
  let next = 0;
  const loop = async () => {
    while (next < messages) await send(next++);
  };
  await Promise.all(Array.from({ length: most }, loop));
}

function pool({ port, lanes, dkimKey }: Task) {
  const dkim = dkimKey
    ? { dkim: { domainName: 'example.org', keySelector: 'bench', privateKey: dkimKey } }
    : {};
  return nodemailer.createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: lanes,
    maxMessages: Number.POSITIVE_INFINITY,
    ...dkim,
  });
}

/** The script people write today: one `sendMail` a reader. */
function composing(task: Task): Promise<Result> {
  const transport = pool(task);
  const { rendered } = task;
  return measure(task.messages, () =>
    inFlight(task.messages, task.lanes * 2, reader =>
      transport.sendMail({
        from: `Daily Papers <${from}>`,
        to: addressOf(reader),
        subject: rendered.subject,
        html: rendered.html.replaceAll(rendered.slots.unsubscribe, tokenOf(reader)),
        text: rendered.text.replaceAll(rendered.slots.unsubscribe, tokenOf(reader)),
        headers: {
          'List-Unsubscribe': `<https://news.example.org/unsubscribe/${tokenOf(reader)}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      }),
    ),
  );
}

/** The same pool with ready messages. */
function raw(task: Task): Promise<Result> {
  const transport = pool(task);
  const template = readyTemplate(task.wire);
  return measure(task.messages, () =>
    inFlight(task.messages, task.lanes * 2, reader => {
      const token = tokenOf(reader);
      const values = {
        address: addressOf(reader),
        reader: `${reader}`,
        unsubscribe: token,
        preferences: token,
      };
      return transport.sendMail({
        envelope: { from, to: addressOf(reader) },
        raw: Buffer.concat(fill(template, values)),
      });
    }),
  );
}

const tokenOf = (reader: number) => String(reader).padStart(42, 'a');

/** Ours: frozen audience, claims, leases, and a durable record of every message. */
async function ours(task: Task): Promise<Result> {
  // As the program does first of all.
  keepMemorySmall();
  const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
  try {
    const runtime = createRuntime('warn');
    const db = await openDatabase(join(folder, 'bench.db'), runtime);
    await addReaders(db, task.readers ?? task.messages, runtime.now());
    const keys = await linkKeys(db, runtime);
    const editionId = await addEdition(db, task, keys[0].id, runtime.now());
    const worker = await startWorker({
      db,
      runtime,
      connect: () =>
        openConnection({
          host: '127.0.0.1',
          port: task.port,
          tls: 'none',
          auth: null,
          clientName: 'example.org',
        }),
      from,
      lanes: task.lanes,
      linkKeys: keys,
      dkim: dkimOf(task),
    });
    const freezing = await measureFreezing(db, runtime, editionId);
    let done = 0;
    const onOutcome = () => {
      done += 1;
      if (done >= task.messages) worker.halt();
    };
    const result = await measure(task.messages, () => worker.deliver(editionId, { onOutcome }));
    await worker.stop();
    await db.destroy();
    return { ...result, ...freezing };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function dkimOf({ dkimKey }: Task): DkimKey | null {
  if (!dkimKey) return null;
  const headers = signableHeaders;
  const key = createPrivateKey(dkimKey);
  return { domain: 'example.org', selector: 'bench', key, headers };
}

const paper = {
  arxivId: null,
  titleKey: 'bench',
  title: 'Bench',
  abstract: '',
  url: 'https://example.org/',
  pdfUrl: null,
  codeUrl: null,
  authors: [],
  authorCount: null,
  upvotes: null,
  publishedOn: null,
  tldr: null,
};

async function measureFreezing(db: Database, runtime: Runtime, editionId: number) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  await freeze(db, runtime, editionId);
  const freezeSeconds = (performance.now() - started) / 1000;
  delay.disable();
  return { freezeSeconds, longestHoldMs: delay.max / 1e6 };
}

async function addEdition(
  db: Database,
  { rendered, wire }: Task,
  linkKeyId: number,
  now: number,
): Promise<number> {
  const content = {
    kind: 'daily',
    date: '2025-09-03',
    digestDate: '2025-09-03',
    curator: null,
    total: 1,
    subject: rendered.subject,
    preheader: rendered.preheader,
    intro: null,
    picks: [{ position: 1, paper }],
    also: [],
  } as const;
  const expiresAt = now + 86_400_000;
  const edition = { key: '', content, wire: JSON.stringify(wire), linkKeyId, expiresAt };
  const id = await insertEdition(db, { ...edition, audience: 'readers', public: true }, now);
  if (id === null) throw new Error('there is an edition already');
  await beginFreezing(db, id, expiresAt);
  return id;
}

const task: Task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const contenders = { composing, raw, ours };
process.stdout.write(`${JSON.stringify(await contenders[task.kind](task))}\n`);
process.exit(0);
