import type { App } from '../app.ts';
import { missedBy } from '../delivery/edition-life.ts';
import type { Prepared } from '../delivery/prepare.ts';
import { longDay } from '../lib/day.ts';
import { countPermits } from '../store/deliveries.ts';
import type { StoredEdition } from '../store/editions.ts';
import { countReadersOf } from '../store/papers.ts';
import { answerJson, count, exitCodes, type Io, say } from './io.ts';
import type { Recipients } from './recipients.ts';

/** What a run of `send` came to, as `--json` prints it. */
export type SendSummary = {
  /** The edition's id; null where there is none. */
  readonly edition: number | null;
  readonly kind?: string;
  readonly date?: string;
  readonly papers?: number;
  readonly reason?: string;
  readonly recipients?: number;
  readonly sent?: number;
  readonly deferred?: number;
  readonly failed?: number;
  readonly skipped?: number;
  readonly seconds?: number;
  readonly dryRun?: true;
};

type Reporting = { readonly json?: true };

/** Says what would go to whom. */
export async function describe(
  io: Io,
  { config, db, runtime }: App,
  { edition, rendered, existing }: Prepared,
  { missing, waiting, had, people }: Recipients,
): Promise<void> {
  const { kind, date, subject } = edition;
  const size = Math.round(Buffer.byteLength(rendered.html) / 1000);
  say(io, `${config.newsletterName}, ${kind} edition of ${longDay(date)}`);
  say(io, `  ${subject}`);
  say(io, `  ${count(edition.picks.length, 'paper')} of ${edition.total}, ${size} KB of HTML`);
  const whom = people ? 'named with --to' : 'on the list';
  const known = [
    waiting > 0 ? `${waiting.toLocaleString('en')} waiting` : '',
    had > 0 ? `${had.toLocaleString('en')} have it` : '',
  ];
  const aside = known.filter(text => text !== '').join(', ');
  say(io, `  to ${count(missing + waiting, 'reader')} ${whom}${aside ? ` (${aside})` : ''}`);
  if (kind === 'manual' && !people) {
    const papers = edition.picks.map(({ paper }) => paper);
    const have = await countReadersOf(db, papers, { date, except: existing?.id ?? null });
    // Worth a word where it is most of them.
    if (2 * have > missing + waiting && missing > 0) {
      say(io, `  ${count(have, 'reader')} got most of these papers today, by another edition`);
    }
  }
  if (config.smtp) say(io, `  through ${config.smtp.host}:${config.smtp.port}`);
  if (config.provider) {
    const { name, perDay } = config.provider;
    const used = await countPermits(db, runtime.now() - dayMs);
    say(
      io,
      `  ${name}: ${used.toLocaleString('en')} of about ${perDay.toLocaleString('en')} today`,
    );
  }
}

const dayMs = 86_400_000;

/** Says how those get an edition who missed it, where that is not for their addresses. */
export async function sayCure(io: Io, app: App, edition: StoredEdition): Promise<void> {
  const missed = await missedBy(app, edition);
  if (missed === 0) return;
  const cure = `paperround editions resend ${edition.id} --missed`;
  say(io, `${count(missed, 'reader')} could still get it: ${cure}`);
}

/** Nobody is left to send to: said, and no error. */
export async function alreadySent(
  io: Io,
  app: App,
  { edition, existing }: Prepared,
  recipients: Recipients,
  options: Reporting,
): Promise<number> {
  const reason = recipients.had > 0 ? 'already sent' : 'nobody to send to';
  say(io, `${reason}: ${whyNobody(recipients, existing)}`);
  if (existing) await sayCure(io, app, existing);
  const { kind, date, picks } = edition;
  return report(io, options, {
    edition: existing?.id ?? null,
    kind,
    date,
    papers: picks.length,
    reason,
  });
}

function whyNobody({ had, lost, people }: Recipients, existing: Prepared['existing']): string {
  const show = `paperround editions show ${existing?.id} --missing`;
  if (had > 0) return `to ${count(had, 'reader')}${lost > 0 ? `, not to ${lost} (${show})` : ''}`;
  if (lost > 0) return `${count(lost, 'delivery', 'deliveries')} failed or skipped (${show})`;
  if (people) return 'none of those named with --to may be mailed';
  return 'no reader on the list gets it; to add one: paperround subscribers add ADDRESS';
}

/** What a dry run prints. */
export function dryRun({ edition }: Prepared, { missing, waiting }: Recipients): SendSummary {
  const { kind, date, picks } = edition;
  const recipients = missing + waiting;
  return { edition: null, kind, date, papers: picks.length, recipients, dryRun: true };
}

/** In the order in which they are printed. */
const nothing = {
  edition: null,
  kind: null,
  date: null,
  papers: 0,
  recipients: 0,
  sent: 0,
  deferred: 0,
  failed: 0,
  skipped: 0,
  seconds: 0,
};

/** Prints the JSON object, where it was asked for. @returns the exit code. */
export function report(io: Io, { json }: Reporting, summary: SendSummary): number {
  if (json) answerJson(io, { ...nothing, ...summary });
  return (summary.deferred ?? 0) > 0 ? exitCodes.waiting : exitCodes.done;
}
