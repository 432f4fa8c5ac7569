import { type App, smtpOf } from '../app.ts';
import { loadConfig, requireSending } from '../config/config.ts';
import { type Prepared, prepare } from '../delivery/prepare.ts';
import { sendTest } from '../delivery/preview.ts';
import { publish } from '../delivery/publish.ts';
import { openConnection } from '../delivery/smtp.ts';
import { localDay } from '../lib/day.ts';
import { InputError, UsageError } from '../lib/errors.ts';
import { type Person, readPerson } from '../readers/list.ts';
import { loadDaily } from '../sources/daily.ts';
import { loadDigest } from '../sources/load.ts';
import { finishEdition, getEdition } from '../store/editions.ts';
import { confirm, count, exitCodes, type Io, say } from './io.ts';
import type { EditionOptions } from './preview.ts';
import { deliverNow, scheduledBefore } from './send-deliver.ts';
import { describe, findRecipients, report, sayCure, total, whyNobody } from './send-report.ts';
import { loadMeans, sayProblems, withApp } from './setup.ts';

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
  const tester = options.test === undefined ? null : readPerson(options.test).address.address;
  return withApp(async app => {
    const prepared = await prepareFrom(io, app, source ?? config.digest, options);
    if (prepared.edition === null) {
      say(io, prepared.reason);
      return report(io, options, null, { reason: prepared.reason });
    }
    for (const trimmed of prepared.rendered.trimmed) say(io, trimmed);
    if (tester === null) return sendToReaders(io, app, prepared, people, options);
    const smtp = smtpOf(config);
    const refused = await sendTest(app.publishing, prepared, tester, () => openConnection(smtp));
    if (refused) throw new InputError(`the test was not sent: ${refused}`);
    say(io, `A test was sent to ${tester}.`);
    return report(io, options, prepared, { reason: 'test', recipients: 1, sent: 1 });
  }, config);
}

function refuseContradictions({ kind, to, again, at, test }: SendOptions): void {
  const daily = kind === 'daily';
  const named = to.length > 0;
  const contradictions = [
    [daily && named, '--to is for manual editions: the daily goes to all its readers'],
    [daily && again, '--again is for manual editions: there is one daily a day'],
    [at && (named || test), '--at is for all readers of an edition: leave out --to and --test'],
    [test && named, '--test and --to together make no sense: --test is to one address alone'],
  ] as const;
  for (const [given, problem] of contradictions) if (given) throw new UsageError(problem);
}

async function prepareFrom(io: Io, app: App, named: string, options: SendOptions) {
  const { config, runtime, db } = app;
  const sendAt = options.at === undefined ? undefined : app.readTime(options.at);
  const date = options.date ?? localDay(sendAt ?? runtime.now(), config.timeZone);
  const { kind, public: listed, papers = config.papers } = options;
  const wanted = { ...loadMeans(io, app), referenceDay: date };
  const digest =
    kind === 'daily' ? await loadDaily(db, named, wanted) : await loadDigest(named, wanted);
  sayProblems(io, digest);
  const request = { kind, date, digest, papers, public: listed, editOptions: options, sendAt };
  return prepare(app.publishing, request);
}

async function sendToReaders(
  io: Io,
  app: App,
  prepared: Prepared,
  people: readonly Person[],
  options: SendOptions,
): Promise<number> {
  const recipients = await findRecipients(io, app, prepared, people, options);
  const { existing, request } = prepared;
  await describe(io, app, prepared, recipients);
  if (total(recipients) === 0) {
    // Its last sender may have died before it could say so.
    if (existing && !options.dryRun) await finishEdition(app.db, existing.id, app.runtime.now());
    const reason = recipients.had > 0 ? 'already sent' : 'nobody to send to';
    say(io, `${reason}: ${whyNobody(recipients, existing)}`);
    if (existing) await sayCure(io, app, existing);
    return report(io, options, prepared, { edition: existing?.id ?? null, reason });
  }
  if (options.dryRun) {
    return report(io, options, prepared, { recipients: total(recipients), dryRun: true });
  }
  const when = request.sendAt === undefined ? '' : ` ${app.sayTime(request.sendAt)}`;
  const question = `Send to ${count(total(recipients), 'reader')}${when}?`;
  if (!options.yes && !(await confirm(io, question))) {
    say(io, 'Nothing was sent.');
    return exitCodes.failed;
  }
  if (request.sendAt === undefined) return deliverNow(io, app, prepared, recipients, options);
  return schedule(io, app, prepared, options);
}

/** Stores an edition that begins at its `sendAt`; `start` sends it then. */
async function schedule(
  io: Io,
  app: App,
  prepared: Prepared,
  options: SendOptions,
): Promise<number> {
  const edition = await publish(app.publishing, prepared, 'readers', {
    again: options.again === true,
    replaces: scheduledBefore(prepared, options),
  });
  const stored = await getEdition(app.db, edition);
  if (stored?.status !== 'scheduled') {
    say(io, `edition ${edition} has begun already: it is ${stored?.status}`);
    return report(io, options, prepared, { edition, reason: `${stored?.status} already` });
  }
  const when = app.sayTime(stored.sendAt ?? 0);
  say(io, `edition ${edition} is scheduled for ${when}; paperround start sends it then.`);
  say(io, `To give it up: paperround editions cancel ${edition}`);
  return report(io, options, prepared, { edition, reason: 'scheduled' });
}
