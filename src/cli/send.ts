import type { App } from '../app.ts';
import { loadConfig, requireSending, type SendingConfig } from '../config/config.ts';
import { type Prepared, prepare } from '../delivery/prepare.ts';
import { localDay } from '../lib/day.ts';
import { UsageError } from '../lib/errors.ts';
import { type Person, readPerson } from '../readers/list.ts';
import { loadDaily } from '../sources/daily.ts';
import { loadDigest } from '../sources/load.ts';
import { finishEdition } from '../store/editions.ts';
import { confirm } from './confirm.ts';
import { count, exitCodes, type Io, say } from './io.ts';
import { loadMeans, sayProblems } from './load.ts';
import type { EditionOptions } from './preview.ts';
import { findRecipients, type Recipients } from './recipients.ts';
import { deliverNow } from './send-deliver.ts';
import { alreadySent, describe, dryRun, report } from './send-report.ts';
import { scheduleEdition } from './send-schedule.ts';
import { sendTestMail } from './send-test.ts';
import { withApp } from './with-app.ts';

/** The options of `send`. */
export type SendOptions = EditionOptions & {
  readonly kind: 'manual' | 'daily';
  readonly to: readonly string[];
  readonly test?: string;
  readonly again?: true;
  readonly public?: true;
  readonly at?: string;
  readonly dryRun?: true;
  readonly wait?: true;
  readonly yes?: true;
  readonly json?: true;
};

/** Publishes an edition and delivers it; each delivery is tried once. */
export async function send(
  io: Io,
  source: string | undefined,
  options: SendOptions,
): Promise<number> {
  refuseContradictions(options);
  const config = requireSending(loadConfig());
  const people = options.to.map(text => readPerson(text));
  const tester = options.test === undefined ? null : readPerson(options.test);
  return withApp(async app => {
    const sendAt = options.at === undefined ? undefined : app.readTime(options.at);
    const prepared = await prepareFrom(io, app, config, source, options, sendAt);
    if (prepared.edition === null) {
      say(io, prepared.reason);
      return report(io, options, { edition: null, reason: prepared.reason });
    }
    for (const trimmed of prepared.rendered.trimmed) say(io, trimmed);
    if (tester) return sendTestMail(io, app, prepared, tester.address.address, options);
    return sendToReaders(io, app, prepared, people, options);
  }, config);
}

async function sendToReaders(
  io: Io,
  app: App,
  prepared: Prepared,
  people: readonly Person[],
  options: SendOptions,
): Promise<number> {
  const recipients = await findRecipients(io, app, prepared, people, options);
  await describe(io, app, prepared, recipients);
  if (total(recipients) === 0) {
    // Its last sender may have died before it could say so.
    const { existing } = prepared;
    if (existing && !options.dryRun) await finishEdition(app.db, existing.id, app.runtime.now());
    return alreadySent(io, app, prepared, recipients, options);
  }
  if (options.dryRun) return report(io, options, dryRun(prepared, recipients));
  const { sendAt } = prepared.request;
  const when = sendAt === undefined ? '' : ` ${app.sayTime(sendAt)}`;
  const question = `Send to ${count(total(recipients), 'reader')}${when}?`;
  if (!options.yes && !(await confirm(io, question))) {
    say(io, 'Nothing was sent.');
    return exitCodes.failed;
  }
  if (sendAt !== undefined) return scheduleEdition(io, app, prepared, options);
  return deliverNow(io, app, prepared, recipients, options);
}

const total = ({ missing, waiting }: Recipients) => missing + waiting;

async function prepareFrom(
  io: Io,
  app: App,
  config: SendingConfig,
  source: string | undefined,
  options: SendOptions,
  sendAt: number | undefined,
) {
  const date = options.date ?? localDay(sendAt ?? app.runtime.now(), config.timeZone);
  const { kind, public: listed } = options;
  const wanted = { ...loadMeans(io, app), referenceDay: date };
  const named = source ?? config.digest;
  const digest =
    kind === 'daily' ? await loadDaily(app.db, named, wanted) : await loadDigest(named, wanted);
  sayProblems(io, digest);
  const papers = options.papers ?? config.papers;
  const request = { kind, date, digest, papers, public: listed, editOptions: options, sendAt };
  return prepare(app.publishing, request);
}

function refuseContradictions(options: SendOptions): void {
  if (options.kind === 'daily' && options.to.length > 0) {
    throw new UsageError('--to is for manual editions: the daily goes to all its readers');
  }
  if (options.kind === 'daily' && options.again) {
    throw new UsageError('--again is for manual editions: there is one daily a day');
  }
  if (options.at !== undefined && (options.to.length > 0 || options.test !== undefined)) {
    throw new UsageError('--at is for all readers of an edition: leave out --to and --test');
  }
  if (options.test !== undefined && options.to.length > 0) {
    throw new UsageError('--test and --to together make no sense: --test is to one address alone');
  }
}
