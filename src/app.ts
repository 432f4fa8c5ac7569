import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';
import { localDay } from './day.ts';
import { createNoticeMaker, type MakeNotice } from './delivery/notice-mail.ts';
import type { Publishing } from './delivery/publish.ts';
import { startWorker, type Worker } from './delivery/worker.ts';
import { UsageError } from './errors.ts';
import type { Mailbox } from './message/headers.ts';
import type { Sender } from './message/wire-template.ts';
import { createChildRenderer } from './render/child-renderer.ts';
import { createDeskPages } from './render/desk-pages.ts';
import type { Site } from './render/page-views.ts';
import { createPages } from './render/pages.ts';
import type { Masthead } from './render/rendered.ts';
import type { Renderer } from './render/renderer.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { readSchedule } from './schedule/cron.ts';
import { describePromise } from './schedule/describe.ts';
import { type LookParts, lookFor } from './schedule/look.ts';
import { readTime, sayTime } from './schedule/read-time.ts';
import { nextEdition, type Scheduled, type ScheduleParts } from './schedule/rounds.ts';
import { runScheduler } from './schedule/scheduler.ts';
import { type Database, openDatabase, openReader } from './store/database.ts';
import { type LinkKey, linkKeys } from './store/link-keys.ts';
import { settle, suppressionKey } from './store/settings.ts';
import type { Slot } from './store/slots.ts';
import { createHousekeeping } from './subscribers/housekeeping.ts';
import { exampleList, listFiles } from './subscribers/import.ts';
import { createList, type List } from './subscribers/list.ts';
import { reveal } from './transport/secret.ts';
import { openConnection, type SmtpSettings } from './transport/smtp.ts';
import { trustedProxies } from './web/client-address.ts';
import { createDesk } from './web/desk/desk.ts';
import { createOneTimeKey } from './web/desk/one-time-key.ts';
import type { DeskAround } from './web/desk/parts.ts';
import { createWeb, type Web } from './web/pages.ts';
import type { WebParts } from './web/parts.ts';
import { startServer, type WebServer } from './web/server.ts';

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
  /** A worker that sends through `smtp`; it holds a lease until it is stopped. */
  startWorker(smtp: SmtpSettings): Promise<Worker>;
  /** Publishes today's daily edition at once, unless that was done; the lanes do the rest. */
  publishDaily(source: Source): Promise<Slot>;
  /** Publishes at SCHEDULE and WEEKLY_SCHEDULE until `signal` is aborted, and tells of each slot. */
  runSchedule(source: Source, onSlot: (slot: Slot) => void, signal: AbortSignal): Promise<void>;
  /** When the next daily edition is due, UTC ms; null where it never is. */
  nextDaily(): Promise<number | null>;
  /** Decides the sign-ups that wait, and forgets what is kept for a while only. */
  settleReaders(): Promise<void>;
  /** Makes the mails of notices. */
  readonly makeNotice: MakeNotice;
  /** Opens the desk once, where there is no password. */
  readonly deskKey: string;
  /** The instant (UTC ms) that a person names. Throws an InputError. */
  readTime(text: string): number;
  /** An instant (UTC ms) in words, in TIMEZONE. */
  sayTime(instant: number): string;
  /** All pages. */
  web(around: WebAround): Web;
  /** Serves the pages at HOST and PORT. */
  startWeb(around: WebAround): Promise<WebServer>;
  /** The list files that are imported by themselves. */
  listFiles(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** What stands around the pages: the demo's inbox, and who is told that something is to be sent. */
export type WebAround = Pick<WebParts, 'inbox' | 'onNotice' | 'onDelivery'> & {
  /** What the desk needs; without it there is none. */
  readonly desk?: DeskAround | null;
};

/** Where scheduled editions get their papers from. */
export type Source = Pick<LookParts, 'load' | 'listsByDay'>;

export type { DeskAround };

/** What tests put in the place of the real thing. */
export type Overrides = { readonly runtime?: Runtime; readonly renderer?: Renderer };

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
    const keys = await linkKeys(db, runtime);
    const list = await createList(db, runtime);
    const reader = openReader(config.database.path, runtime);
    const publishing: Publishing = {
      db,
      runtime,
      renderer: overrides.renderer ?? createChildRenderer({ templates: templatesOf(config) }),
      masthead: mastheadOf(config),
      sender: senderOf(config),
      dkim: config.dkim,
      linkKey: keys[0],
    };
    const suppression = await suppressionKey(db, runtime);
    const scheduleOf = (source: Source): ScheduleParts => ({
      ...source,
      publishing,
      list,
      listFiles: () => listFilesOf(config),
      papers: config.papers,
      startOver: config.mode === 'demo',
      schedules: schedulesOf(config),
      timeZone: config.timeZone,
      catchUp: config.catchUp,
      admin: config.admin?.address ?? null,
    });
    const key = createOneTimeKey(runtime.random);
    const { timeZone } = config;
    const timeOf = (text: string) => readTime(text, { now: runtime.now(), timeZone });
    const deskOf = (around: DeskAround, onDelivery: () => void) =>
      createDesk({
        ...around,
        key,
        db,
        reader,
        runtime,
        publishing,
        list,
        onDelivery,
        // Its templates are no reader's: those of one's own need not have them.
        pages: createDeskPages({ templates: join(root, 'templates'), name: config.newsletterName }),
        password: config.deskPassword,
        hashKey: suppression,
        base: config.publicUrl,
        proxies: trustedProxies(config.trustProxy),
        timeZone: config.timeZone,
        papers: config.papers,
        tester: (publishing.sender.replyTo ?? publishing.sender.from).address,
        readTime: timeOf,
      });
    const web = ({ desk, ...around }: WebAround) =>
      createWeb({
        ...around,
        desk: desk ? deskOf(desk, around.onDelivery) : null,
        db,
        reader,
        runtime,
        pages: createPages({ templates: templatesOf(config), site: siteOf(config, runtime) }),
        name: config.newsletterName,
        base: config.publicUrl,
        signUp: config.links.style === 'web',
        linkKeys: keys,
        suppressionKey: suppression,
        timeZone: config.timeZone,
        proxies: trustedProxies(config.trustProxy),
      });
    return {
      config,
      runtime,
      db,
      reader,
      list,
      linkKeys: keys,
      publishing,
      startWorker: smtp =>
        startWorker({
          db,
          runtime,
          connect: () => openConnection(smtp),
          from: publishing.sender.from.address,
          lanes: config.lanes,
          sendRate: config.sendRate,
          linkKeys: keys,
          dkim: config.dkim,
        }),
      publishDaily: source => {
        const at = runtime.now();
        const date = localDay(at, config.timeZone);
        return lookFor(scheduleOf(source), { kind: 'daily', date, at, last: false });
      },
      runSchedule: (source, ...rest) => runScheduler(scheduleOf(source), ...rest),
      nextDaily: () => nextEdition({ ...config, publishing }, schedulesOf(config)[0]),
      settleReaders: createHousekeeping(db, runtime),
      makeNotice: createNoticeMaker(publishing),
      deskKey: key.text,
      readTime: timeOf,
      sayTime: instant => sayTime(instant, timeZone),
      web,
      startWeb: around => startServer(web(around), config.host, config.port),
      listFiles: () => listFilesOf(config),
      close: async () => {
        await reader.destroy();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** The daily one first. */
function schedulesOf({ schedule, weeklySchedule }: Config): readonly [Scheduled, ...Scheduled[]] {
  const daily = { kind: 'daily', expression: schedule, schedule: readSchedule(schedule) } as const;
  if (weeklySchedule === null) return [daily];
  const weekly = readSchedule(weeklySchedule);
  return [daily, { kind: 'weekly', expression: weeklySchedule, schedule: weekly }];
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

/** The demo alone mails the example list; nobody else's list is touched by it. */
async function listFilesOf({ mode }: Config): Promise<readonly string[]> {
  if (mode === 'real') return listFiles('subscribers');
  return [join(root, 'subscribers', exampleList), ...(await listFiles('subscribers/demo'))];
}

/** The package's own folder: both `src/` and `dist/` are one level below it. */
const root = fileURLToPath(new URL('..', import.meta.url));

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

/** What every page says about this installation. */
function siteOf(config: Config, runtime: Runtime): Site {
  const { newsletterName: name, publicUrl: base, postalAddress: operator } = config;
  const { schedule, timeZone, papers, links } = config;
  const { from, replyTo } = senderOf(config);
  return {
    name,
    base,
    promise: describePromise({ schedule, timeZone, papers, now: runtime.now() }),
    operator,
    mailFrom: from.address,
    contact: (replyTo ?? from).address,
    signUp: links.style === 'web',
  };
}

/** What every message's headers say about its sender. */
export function senderOf({ from, replyTo, newsletterName, links }: Config): Sender {
  return {
    from: from ?? nobody,
    replyTo,
    listName: newsletterName,
    unsubscribeBase: links.style === 'web' ? `${links.base}/unsubscribe/` : null,
  };
}

/** The real server, as the settings say. */
export function smtpOf(config: Config): SmtpSettings {
  const { smtp, from } = config;
  if (!smtp || !from) throw new UsageError('SMTP_URL and MAIL_FROM are not set');
  const { auth } = smtp;
  return {
    host: smtp.host,
    port: smtp.port,
    tls: smtp.tls,
    auth: auth && { user: auth.user, method: auth.method, secret: () => reveal(auth.secret) },
    clientName: domainOf(from.address),
  };
}

/** The demo's own server. */
export function demoSmtp(port: number): SmtpSettings {
  return { host: '127.0.0.1', port, tls: 'none', auth: null, clientName: 'demo.example' };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
