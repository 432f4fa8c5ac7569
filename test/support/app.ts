import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type App, createApp, smtpOf, templatesOf } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { type EditionRequest, prepare } from '../../src/delivery/prepare.ts';
import { publish } from '../../src/delivery/publish.ts';
import type { Trouble } from '../../src/delivery/stop-edition.ts';
import { createRenderer, type Renderer } from '../../src/mail/render/renderer.ts';
import { readPerson } from '../../src/readers/list.ts';
import { countDeliveries, type DeliveryCounts } from '../../src/store/reports.ts';
import { aDigest } from './builders.ts';
import { type TestRuntime, testRuntime } from './runtime.ts';
import { tempFolder } from './temp-folder.ts';

export type TestApp = Omit<App, 'runtime'> & { readonly runtime: TestRuntime };

type Settings = Readonly<Record<string, string>>;

/** What sending for real takes; `url` is the SMTP server's. */
export const realSettings = (url: string): Settings => ({
  SMTP_URL: url,
  MAIL_FROM: 'Daily Papers <papers@news.example.org>',
  POSTAL_ADDRESS: 'Example Lab, 1 Main Street, Springfield',
  PUBLIC_URL: 'https://news.example.org',
  TIMEZONE: 'UTC',
  LOG_LEVEL: 'silent',
});

/** The whole program on a database of its own, with a clock that tests set. */
export async function startApp(
  settings: Settings = {},
  { folder = tempFolder(), runtime = testRuntime() } = {},
): Promise<TestApp> {
  const config = loadConfig(
    {
      ...realSettings('smtp://127.0.0.1:1'),
      DATABASE_URL: `sqlite:${join(folder, 'papers.db')}`,
      ...settings,
    },
    folder,
  );
  const app = await createApp(config, { runtime, renderer: rendererOf(templatesOf(config)) });
  onTestFinished(() => app.close());
  return { ...app, runtime };
}

const renderers = new Map<string, Renderer>();

/** In this process, where templates are compiled once for all tests. */
function rendererOf(templates: string): Renderer {
  const renderer = renderers.get(templates) ?? createRenderer({ templates });
  renderers.set(templates, renderer);
  return renderer;
}

/** Puts these on the list, as daily readers unless said otherwise. */
export async function addReaders(
  { list }: Pick<App, 'list'>,
  addresses: readonly string[],
  frequency: 'daily' | 'weekly' = 'daily',
): Promise<void> {
  const people = addresses.map(address => readPerson(address, frequency));
  await list.addAll(people, 'test');
}

/** `reader1@example.org`, `reader2@example.org`, … */
export function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `reader${at + 1}@example.org`);
}

/** `reader1@d1.example`, … `reader41@d1.example`, …: readers of that many domains in turn. */
export function addressesOver(domains: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `reader${at + 1}@d${(at % domains) + 1}.example`);
}

/** A request for today's daily edition of three papers; `values` say what is different. */
export function aRequest(values: Partial<EditionRequest> = {}): EditionRequest {
  return { kind: 'daily', date: '2025-09-03', digest: aDigest(), papers: 10, ...values };
}

/** Publishes an edition to its readers. @returns its id. */
export async function publishEdition(
  { publishing }: Pick<App, 'publishing'>,
  values: Partial<EditionRequest> = {},
): Promise<number> {
  const prepared = await prepare(publishing, aRequest(values));
  if (prepared.edition === null) throw new Error(prepared.reason);
  return publish(publishing, prepared, 'readers');
}

/** Lets a worker of its own send what is due of an edition. */
export async function deliver(app: TestApp, editionId: number): Promise<Trouble | null> {
  const worker = await app.startWorker(smtpOf(app.config));
  try {
    await worker.takeOver();
    return await worker.deliver(editionId);
  } finally {
    await worker.stop();
  }
}

/** How many deliveries are in which state, without the states that none is in. */
export async function statesOf(
  { db }: Pick<App, 'db'>,
  editionId: number,
): Promise<Partial<DeliveryCounts>> {
  const counts = Object.entries(await countDeliveries(db, editionId));
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
