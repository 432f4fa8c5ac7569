import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, reveal } from './config/config.ts';
import { rememberedIn } from './delivery/candidates.ts';
import { importLists } from './delivery/freeze.ts';
import { createNoticeMaker, type MakeNotice, serveNotices } from './delivery/notices.ts';
import type { Publishing } from './delivery/publish.ts';
import { serveDeliveries } from './delivery/serve.ts';
import { openConnection, type SmtpSettings } from './delivery/smtp.ts';
import { startWorker, type Worker } from './delivery/worker.ts';
import { localDay } from './lib/day.ts';
import { UsageError } from './lib/errors.ts';
import { createRuntime, type Runtime } from './lib/runtime.ts';
import { readTime, sayTime } from './lib/zoned-time.ts';
import type { Mailbox } from './mail/message/encoding.ts';
import type { Sender } from './mail/message/wire-template.ts';
import type { Masthead } from './mail/render/rendered.ts';
import { createChildRenderer, type Renderer } from './mail/render/renderer.ts';
import { createList, type List } from './readers/list.ts';
import { exampleList, listFiles } from './readers/list-folder.ts';
import { createHousekeeping } from './readers/sign-up.ts';
import { describePromise } from './schedule/describe.ts';
import { lookFor } from './schedule/look.ts';
import {
  nextEdition,
  runScheduler,
  type Scheduled,
  type ScheduleParts,
} from './schedule/scheduler.ts';
import { loadDaily } from './sources/daily.ts';
import { type LoadMeans, loadDigest } from './sources/load.ts';
import { type ScheduledSource, scheduledSource } from './sources/scheduled.ts';
import { type Database, openDatabase, openReader } from './store/database.ts';
import { narrowing } from './store/files.ts';
import {
  type LinkKey,
  linkKeys,
  rememberWide,
  settle,
  smtputf8Offered,
  suppressionKey,
} from './store/settings.ts';
import type { DeskAround } from './web/desk/parts.ts';
import { createOneTimeKey } from './web/desk/password.ts';
import type { Inbox } from './web/inbox/mailbox.ts';
import type { Site } from './web/plumbing/pages.ts';
import type { WebSetup } from './web/web.ts';

/** Every long-lived object of the program, wired. */
export type App = {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly db: Database;
  /** A second handle, for reading while writes wait. */
  readonly reader: Database;
  readonly list: List;
  readonly linkKeys: readonly [LinkKey, ...LinkKey[]];
  readonly publishing: Publishing;
  /** The key of all suppression hashes. */
  readonly suppressionKey: Buffer;
  /** Makes the mails of notices. */
  readonly makeNotice: MakeNotice;
  /** A worker that sends through `smtp` (the server that the settings name); it holds a lease until it is stopped. */
  startWorker(smtp?: SmtpSettings): Promise<Worker>;
  /** Starts what serves people, with papers that are loaded by `means`; see `Services`. */
  serve(means: LoadMeans, told: AbortSignal, closing: Closing): Promise<Services>;
  /** The instant (UTC ms) that a person names. Throws an InputError. */
  readTime(text: string): number;
  /** An instant (UTC ms) in words, in TIMEZONE. */
  sayTime(instant: number): string;
  close(): Promise<void>;
};

/** What tests put in the place of the real thing. */
export type Overrides = { readonly runtime?: Runtime; readonly renderer?: Renderer };

/** How to end what runs; the last one first. */
export type Closing = (() => Promise<unknown>)[];

/** Lanes, notices, pages with the desk; in the demo an inbox, too. They publish nothing by themselves. */
export type Services = {
  /** Where the pages answer. */
  readonly port: number;
  /** Opens the desk once, where there is no password. */
  readonly deskKey: string;
  /** When the next daily edition is due, UTC ms; null where it never is. */
  nextDaily(): Promise<number | null>;
  /** Publishes at SCHEDULE and WEEKLY_SCHEDULE until the end; in the demo at once, too. */
  runSchedule(): Promise<void>;
};

/** Where the demo keeps its mails. */
export const demoInbox = 'subscribers/demo/inbox';

/** The package's own folder. */
const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds the program: opens (and makes or upgrades) the database, reads the keys. Renders and
 * connects nothing yet.
 * @throws UsageError where the database cannot be used, or belongs to the other mode.
 */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const runtime = overrides.runtime ?? createRuntime(config.logLevel);
  const db = await openDatabase(config.database.path, runtime);
  try {
    await refuseOtherMode(db, config);
    await tellOfWide(db, config, runtime);
    const keys = await linkKeys(db, runtime);
    const list = await createList(db, runtime);
    const reader = openReader(config.database.path, runtime);
    const publishing: Publishing = {
      db,
      runtime,
      list,
      listFiles: () => listFilesOf(config),
      admin: config.admin?.address ?? null,
      memory: rememberedIn(db),
      templates: templatesOf(config),
      renderer: overrides.renderer ?? createChildRenderer({ templates: templatesOf(config) }),
      masthead: mastheadOf(config),
      sender: senderOf(config),
      dkim: config.dkim,
      linkKey: keys[0],
    };
    const app: App = {
      config,
      runtime,
      db,
      reader,
      list,
      linkKeys: keys,
      publishing,
      suppressionKey: await suppressionKey(db, runtime),
      makeNotice: createNoticeMaker(publishing),
      startWorker: (smtp = smtpOf(config)) =>
        startWorker({
          db,
          runtime,
          connect: () => openConnection(smtp),
          from: publishing.sender.from.address,
          lanes: config.lanes,
          sendRate: config.sendRate,
          linkKeys: keys,
          dkim: config.dkim,
          operator: { address: config.admin?.address ?? null, timeZone: config.timeZone },
        }),
      serve: (...how) => serve(app, ...how),
      readTime: text => readTime(text, { now: runtime.now(), timeZone: config.timeZone }),
      sayTime: instant => sayTime(instant, config.timeZone),
      close: async () => {
        await reader.destroy();
        await db.destroy();
      },
    };
    return app;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function refuseOtherMode(db: Database, { mode, database }: Config): Promise<void> {
  const kept = await settle(db, 'mode', () => mode);
  if (kept === mode) return;
  throw new UsageError(
    mode === 'demo'
      ? `${database.path} is a real database and the demo does not touch it; set SMTP_URL and MAIL_FROM to send for real`
      : `${database.path} was made by the demo; set DATABASE_URL to another file, such as sqlite:subscribers/paperround.db`,
  );
}

/** Says once, until it changes, which of our files and folders others may read or write. */
async function tellOfWide(db: Database, config: Config, runtime: Runtime): Promise<void> {
  const demo = config.mode === 'demo' ? [dirname(demoInbox), demoInbox] : [];
  const cure = narrowing(config.database.path, [...demo, ...config.secretFiles]);
  if ((await rememberWide(db, cure)) && cure) {
    runtime.log.warn(
      `others on this machine may read what is kept of readers, or secrets: ${cure}`,
    );
  }
}

/** Starts the services; how to end each is put on `closing` as soon as it runs. */
async function serve(
  app: App,
  means: LoadMeans,
  told: AbortSignal,
  closing: Closing,
): Promise<Services> {
  const { config, runtime, db } = app;
  const stopping = new AbortController();
  const signal = AbortSignal.any([told, stopping.signal]);

  const inbox = config.mode === 'demo' ? await startInboxOf(runtime) : null;
  if (inbox) closing.push(() => inbox.close());
  const smtp = inbox ? demoSmtp(inbox.port) : smtpOf(config);

  const worker = await app.startWorker(smtp);
  closing.push(() => worker.stop());
  // What it offers decides which addresses may sign up.
  if ((await smtputf8Offered(db)) === null) worker.probe().catch(() => 'asked again later');
  const deliveries = serveDeliveries({ ...app.publishing, worker }, signal);
  const notices = serveNotices(
    {
      runtime,
      prepare: createHousekeeping(db, runtime),
      send: () => worker.sendNotices(app.makeNotice),
    },
    signal,
  );
  closing.push(async () => {
    stopping.abort();
    await Promise.all([deliveries.ended, notices.ended]);
  });

  const source = scheduledSource(db, config.digest, { ...means, signal });
  const schedule = scheduleOf(app, source);
  const deskKey = createOneTimeKey(runtime.random);
  const nextDaily = () => nextEdition(schedule, dailyOf(config));
  const setup = webSetup(app, {
    inbox,
    onNotice: notices.wake,
    onDelivery: deliveries.wake,
    desk: {
      load: (named, referenceDay) =>
        named === undefined
          ? loadDaily(db, config.digest, { ...means, referenceDay })
          : loadDigest(named, { ...means, referenceDay }),
      connect: () => openConnection(smtp),
      nextDaily,
      key: deskKey,
      signal,
    },
  });
  // Loaded when they are wanted: most commands show no page.
  const { createWeb } = await import('./web/web.ts');
  const { startServer } = await import('./web/plumbing/server.ts');
  const server = await startServer(createWeb(setup), config.host, config.port);
  closing.push(() => server.close());
  await importLists(app.publishing);
  return {
    port: server.port,
    deskKey: deskKey.text,
    nextDaily,
    runSchedule: async () => {
      // In the demo nobody waits for the morning.
      if (config.mode === 'demo') await publishToday(app, schedule);
      deliveries.wake();
      const scheduler = runScheduler(schedule, deliveries.wake, signal);
      closing.push(async () => {
        stopping.abort();
        await scheduler;
      });
    },
  };
}

/** The demo's SMTP server, which keeps the latest 500 mails. */
async function startInboxOf(runtime: Runtime): Promise<Inbox & { close(): Promise<void> }> {
  const { startInbox } = await import('./web/inbox/mailbox.ts');
  return startInbox({ directory: demoInbox, keep: 500 }, runtime);
}

/** What stands around the pages: the demo's inbox, and who is told that something is to be sent. */
export type WebAround = {
  readonly inbox: Inbox | null;
  readonly onNotice: () => void;
  readonly onDelivery: () => void;
  /** What the desk needs; without it there is none. */
  readonly desk?: DeskAround | null;
};

/** What the pages are made from. */
export function webSetup(app: App, { desk, ...around }: WebAround): WebSetup {
  const { config, db, reader, runtime, publishing } = app;
  return {
    ...around,
    db,
    reader,
    runtime,
    templates: templatesOf(config),
    site: siteOf(config, runtime.now()),
    linkKeys: app.linkKeys,
    suppressionKey: app.suppressionKey,
    timeZone: config.timeZone,
    trustProxy: config.trustProxy,
    desk: desk
      ? {
          ...desk,
          publishing,
          list: app.list,
          // Readers' templates of one's own need not have the desk's.
          templates: join(root, 'templates'),
          password: config.deskPassword,
          papers: config.papers,
          tester: (publishing.sender.replyTo ?? publishing.sender.from).address,
          readTime: app.readTime,
        }
      : null,
  };
}

/** What the schedule of this installation works with. */
export function scheduleOf({ config, publishing }: App, source: ScheduledSource): ScheduleParts {
  const { weeklySchedule } = config;
  return {
    ...source,
    publishing,
    papers: config.papers,
    startOver: config.mode === 'demo',
    schedules: [
      dailyOf(config),
      ...(weeklySchedule === null ? [] : [{ kind: 'weekly', expression: weeklySchedule } as const]),
    ],
    timeZone: config.timeZone,
    catchUp: config.catchUp,
    admin: config.admin?.address ?? null,
  };
}

const dailyOf = ({ schedule }: Config): Scheduled => ({ kind: 'daily', expression: schedule });

/** The demo publishes today's edition when it starts, unless that was done. */
async function publishToday({ config, runtime }: App, schedule: ScheduleParts): Promise<void> {
  const at = runtime.now();
  await lookFor(schedule, { kind: 'daily', date: localDay(at, config.timeZone), at, last: false });
}

/** The templates' folder: one's own, or the one that comes with the program. */
export function templatesOf({ templates }: Config): string {
  return templates ?? join(root, 'templates');
}

/** What every mail says about its sender. */
export function mastheadOf({ newsletterName, postalAddress, links }: Config): Masthead {
  return { name: newsletterName, postalAddress, links };
}

/** Stands for MAIL_FROM in previews, where none is set. */
const nobody: Mailbox = { name: null, address: 'papers@example.org' };

/** What every message's headers say about its sender. */
export function senderOf({ from, replyTo, newsletterName, links }: Config): Sender {
  return {
    from: from ?? nobody,
    replyTo,
    listName: newsletterName,
    unsubscribeBase: links.style === 'web' ? `${links.base}/unsubscribe/` : null,
  };
}

/** What every page says about this installation. */
function siteOf(config: Config, now: number): Site {
  const { schedule, timeZone, papers, links } = config;
  const { from, replyTo } = senderOf(config);
  return {
    name: config.newsletterName,
    base: config.publicUrl,
    promise: describePromise({ schedule, timeZone, papers, now }),
    operator: config.postalAddress,
    mailFrom: from.address,
    contact: (replyTo ?? from).address,
    signUp: links.style === 'web',
  };
}

/** The real SMTP server, as the settings say. */
export function smtpOf({ smtp, from }: Config): SmtpSettings {
  if (!smtp || !from) throw new UsageError('SMTP_URL and MAIL_FROM are not set');
  const { auth } = smtp;
  return {
    ...smtp,
    auth: auth && { ...auth, secret: () => reveal(auth.secret) },
    clientName: from.address.slice(from.address.lastIndexOf('@') + 1),
  };
}

/** The demo's own server. */
export function demoSmtp(port: number): SmtpSettings {
  return { host: '127.0.0.1', port, tls: 'none', auth: null, clientName: 'demo.example' };
}

/** The demo alone mails the example list; nobody else's list is touched by it. */
async function listFilesOf({ mode }: Config): Promise<readonly string[]> {
  if (mode === 'real') return listFiles('subscribers');
  return [join(root, 'subscribers', exampleList), ...(await listFiles('subscribers/demo'))];
}
