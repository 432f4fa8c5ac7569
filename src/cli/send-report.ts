import type { App } from '../app.ts';
import { missedBy } from '../delivery/edition-life.ts';
import { importLists } from '../delivery/freeze.ts';
import type { Prepared } from '../delivery/prepare.ts';
import { longDay } from '../lib/day.ts';
import { describeImport } from '../readers/import.ts';
import type { Person } from '../readers/list.ts';
import { countAudience, countNamed } from '../store/audience.ts';
import { countPermits } from '../store/deliveries.ts';
import type { StoredEdition } from '../store/editions.ts';
import { countReadersOf } from '../store/papers.ts';
import { countDeliveries, openOf } from '../store/reports.ts';
import { answerJson, count, exitCodes, type Io, say } from './io.ts';

/** Who an edition would go to now. */
export type Recipients = {
  /** Those who have no delivery of it yet. */
  readonly missing: number;
  /** Those whose delivery is not done. */
  readonly waiting: number;
  /** Those who have it. */
  readonly had: number;
  /** Those who got none and will get none: refused for good, or left meanwhile. */
  readonly lost: number;
  /** Named with `--to` and not suppressed; null where it goes to all its readers. */
  readonly people: readonly Person[] | null;
};

/** How many would get it now. */
export const total = ({ missing, waiting }: Recipients) => missing + waiting;

/** Counts who an edition would go to, after importing list files that changed. */
export async function findRecipients(
  io: Io,
  { publishing, list, db, runtime }: App,
  { edition, existing }: Prepared,
  named: readonly Person[],
  { again, dryRun }: { readonly again?: true; readonly dryRun?: true },
): Promise<Recipients> {
  // A dry run changes nothing, so it does not import either.
  for (const report of dryRun ? [] : await importLists(publishing)) {
    const { file } = report;
    if ('leftOut' in report) {
      const why = 'it may name people who opted out';
      say(io, `${file} is left out: ${why}. To answer: paperround subscribers import ${file}`);
    } else say(io, `${file}: ${describeImport(report, 'subscriber')}`);
  }
  const editionId = existing && !again ? existing.id : null;
  const people = named.length > 0 ? await mailable(io, list, named) : null;
  const keys = people?.map(({ address }) => address.key);
  const missing = keys
    ? await countNamed(db, keys, editionId)
    : await countAudience(db, edition.kind, editionId, runtime.now());
  if (editionId === null) return { missing, waiting: 0, had: 0, lost: 0, people };
  const known = people ? await list.knownIds(people) : undefined;
  const counts = await countDeliveries(db, editionId, known);
  return {
    missing,
    waiting: openOf(counts),
    had: counts.sent,
    lost: counts.failed + counts.skipped,
    people,
  };
}

/** Those of the people whom an editor named who may be mailed; says who may not. */
export async function mailable(
  io: Io,
  list: App['list'],
  named: readonly Person[],
): Promise<readonly Person[]> {
  const people = await list.mailable(named);
  for (const { address } of named.filter(person => !people.includes(person))) {
    say(io, `${address.address} left or was removed, and will not get it`);
  }
  return people;
}

/** Says what would go to whom. */
export async function describe(
  io: Io,
  { config, db, runtime }: App,
  { edition, rendered, existing }: Prepared,
  recipients: Recipients,
): Promise<void> {
  const { kind, date, subject, picks } = edition;
  const { missing, waiting, had, people } = recipients;
  const size = Math.round(Buffer.byteLength(rendered.html) / 1000);
  say(io, `${config.newsletterName}, ${kind} edition of ${longDay(date)}`);
  say(io, `  ${subject}`);
  say(io, `  ${count(picks.length, 'paper')} of ${edition.total}, ${size} KB of HTML`);
  const whom = people ? 'named with --to' : 'on the list';
  const known = [
    waiting > 0 ? `${waiting.toLocaleString('en')} waiting` : '',
    had > 0 ? `${had.toLocaleString('en')} have it` : '',
  ];
  const aside = known.filter(text => text !== '').join(', ');
  say(io, `  to ${count(total(recipients), 'reader')} ${whom}${aside ? ` (${aside})` : ''}`);
  if (kind === 'manual' && !people) {
    const papers = picks.map(({ paper }) => paper);
    const have = await countReadersOf(db, papers, { date, except: existing?.id ?? null });
    // Worth a word where it is most of them.
    if (2 * have > total(recipients) && missing > 0) {
      say(io, `  ${count(have, 'reader')} got most of these papers today, by another edition`);
    }
  }
  if (config.smtp) say(io, `  through ${config.smtp.host}:${config.smtp.port}`);
  if (config.provider) {
    const { name, perDay } = config.provider;
    const used = await countPermits(db, runtime.now() - dayMs);
    const of = `${used.toLocaleString('en')} of about ${perDay.toLocaleString('en')}`;
    say(io, `  ${name}: ${of} today`);
  }
}

const dayMs = 86_400_000;

/** Why there is nobody to send to, and what to do about it. */
export function whyNobody(
  { had, lost, people }: Recipients,
  existing: Prepared['existing'],
): string {
  const show = `paperround editions show ${existing?.id} --missing`;
  if (had > 0) return `to ${count(had, 'reader')}${lost > 0 ? `, not to ${lost} (${show})` : ''}`;
  if (lost > 0) return `${count(lost, 'delivery', 'deliveries')} failed or skipped (${show})`;
  if (people) return 'none of those named with --to may be mailed';
  return 'no reader on the list gets it; to add one: paperround subscribers add ADDRESS';
}

/** Says how those get an edition who missed it, where that is not for their addresses. */
export async function sayCure(io: Io, app: App, edition: StoredEdition): Promise<void> {
  const missed = await missedBy(app, edition);
  if (missed === 0) return;
  const cure = `paperround editions resend ${edition.id} --missed`;
  say(io, `${count(missed, 'reader')} could still get it: ${cure}`);
}

/** What a run came to, beside the edition itself. */
export type SendSummary = {
  /** The edition's id; null where there is none. */
  readonly edition?: number | null;
  readonly reason?: string;
  readonly recipients?: number;
  readonly sent?: number;
  readonly deferred?: number;
  readonly failed?: number;
  readonly skipped?: number;
  readonly seconds?: number;
  readonly dryRun?: true;
};

/** In the order in which they are printed. */
const nothing = {
  ...{ edition: null, kind: null, date: null, papers: 0, recipients: 0 },
  ...{ sent: 0, deferred: 0, failed: 0, skipped: 0, seconds: 0 },
};

/** Prints the JSON object, where it was asked for. @returns the exit code. */
export function report(
  io: Io,
  { json }: { readonly json?: true },
  prepared: Prepared | null,
  summary: SendSummary,
): number {
  const { kind, date, picks } = prepared?.edition ?? {};
  const edition = prepared ? { kind, date, papers: picks?.length } : {};
  if (json) answerJson(io, { ...nothing, ...edition, ...summary });
  return (summary.deferred ?? 0) > 0 ? exitCodes.waiting : exitCodes.done;
}
