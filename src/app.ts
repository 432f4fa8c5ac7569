import { join } from 'node:path';
import { mastheadOf, type Parts, root, senderOf, templatesOf } from './app/parts.ts';
import type { WebAround } from './app/web.ts';
import type { Config } from './config/config.ts';
import { createNoticeMaker, type MakeNotice } from './delivery/notice-mail.ts';
import type { Publishing } from './delivery/publish.ts';
import { openConnection, type SmtpSettings } from './delivery/smtp.ts';
import { startWorker, type Worker } from './delivery/worker.ts';
import { localDay } from './lib/day.ts';
import { UsageError } from './lib/errors.ts';
import { createRuntime, type Runtime } from './lib/runtime.ts';
import { reveal } from './lib/secret.ts';
import { createChildRenderer } from './mail/render/child-renderer.ts';
import type { Renderer } from './mail/render/renderer.ts';
import { createHousekeeping } from './readers/housekeeping.ts';
import { exampleList, listFiles } from './readers/import.ts';
import { createList } from './readers/list.ts';
import { readSchedule } from './schedule/cron.ts';
import { type LookParts, lookFor } from './schedule/look.ts';
import { readTime, sayTime } from './schedule/read-time.ts';
import { nextEdition, type Scheduled, type ScheduleParts } from './schedule/rounds.ts';
import { runScheduler } from './schedule/scheduler.ts';
import { type Database, openDatabase, openReader } from './store/database.ts';
import { linkKeys } from './store/link-keys.ts';
import { settle, suppressionKey } from './store/settings.ts';
import type { Slot } from './store/slots.ts';
import { createOneTimeKey } from './web/desk/one-time-key.ts';
import type { DeskAround } from './web/desk/parts.ts';
import type { WebServer } from './web/plumbing/server.ts';

/** Every long-lived object of the program, wired. */
export type App = Parts & {
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
  /** An instant (UTC ms) in words, in TIMEZONE. */
  sayTime(instant: number): string;
  /** Serves the pages at HOST and PORT. */
  startWeb(around: WebAround): Promise<WebServer>;
  /** The list files that are imported by themselves. */
  listFiles(): Promise<readonly string[]>;
  close(): Promise<void>;
};

export { mastheadOf, senderOf, templatesOf } from './app/parts.ts';

/** Where scheduled editions get their papers from. */
export type Source = Pick<LookParts, 'load' | 'listsByDay'>;

export type { DeskAround, WebAround };

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
    const { timeZone } = config;
    const readAsTime = (text: string) => readTime(text, { now: runtime.now(), timeZone });
    const parts: Parts = {
      config,
      runtime,
      db,
      reader,
      list,
      linkKeys: keys,
      publishing,
      suppressionKey: await suppressionKey(db, runtime),
      deskKey: createOneTimeKey(runtime.random),
      readTime: readAsTime,
    };
    return {
      ...parts,
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
      sayTime: instant => sayTime(instant, timeZone),
      // Loaded when it is wanted: most commands show no page.
      startWeb: async around => (await import('./app/web.ts')).startWeb(parts, around),
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
