import { setImmediate } from 'node:timers/promises';
import type { SuppressionReason } from '../store/schema.ts';
import type { Chunks } from './csv.ts';
import { type ListChanges, mailableProblem, type Person, type Taken } from './list.ts';
import { checkSubscriberFile, type ListRow, readSubscriberRows } from './list-file.ts';
import type { Answers } from './questions.ts';

/** A list as somebody hands it over. */
export type ListFile = {
  /** Its path or name, as messages show it. */
  readonly file: string;
  /** Reads it from its beginning each time. */
  readonly open: () => Chunks;
  /** When it was made, at the latest (UTC ms): opt-outs without a time of their own are from then. */
  readonly madeAt: number;
};

/** What became of one row of a list. */
export type RowOutcome = {
  readonly line: number;
  /** Null where the row has none that can be read. */
  readonly address: string | null;
} & (
  | Taken
  /** `kept`: they opted out elsewhere, and confirmed here later. */
  | { readonly outcome: 'kept' | 'left out'; readonly reason: string }
);

/** What became of a list's rows. */
export type ImportReport = {
  readonly file: string;
  added: number;
  /** On the list already, or twice in the file. */
  present: number;
  /** Those whose address is suppressed, by this file or before. */
  suppressed: number;
  /** How many of them for which reason. */
  readonly reasons: Partial<Record<SuppressionReason, number>>;
  kept: number;
  /** Rows that could not be used. */
  bad: number;
  /** Those of them whose address the SMTP server does not take, or is not known to. */
  needSmtputf8: number;
};

/** A report of nothing yet. */
export function newReport(file: string): ImportReport {
  const none = { added: 0, present: 0, suppressed: 0, kept: 0, bad: 0, needSmtputf8: 0 };
  return { file, ...none, reasons: {} };
}

/** What an outcome is counted as. */
const counters = {
  added: 'added',
  'there already': 'present',
  suppressed: 'suppressed',
  kept: 'kept',
  'left out': 'bad',
} as const;

/** How a list is imported. */
export type ImportOptions = {
  readonly answers?: Answers;
  /**
   * It is a list of opt-outs: everybody in it is suppressed, known here or not; where its columns
   * say who opted out, those alone. `reason` counts before the one that a row gives.
   */
  readonly suppress?: { readonly reason: SuppressionReason | null };
  /** Called for every row, in order. */
  readonly onRow?: (row: RowOutcome) => void | Promise<void>;
};

/**
 * Imports a list, in passes: one whose rows cannot be told apart, or that a person has to explain,
 * is refused before anything is stored; then those are suppressed who opted out by it, so that none
 * of them is mailed in between; then the others are added. Constant memory, but for a rehearsal.
 * Throws an InputError that names the file and line, and an OpenQuestionError.
 */
export async function importFile(
  list: ListChanges,
  { file, open, madeAt }: ListFile,
  { answers, suppress, onRow = () => {} }: ImportOptions = {},
): Promise<ImportReport> {
  const optedOut = await checkSubscriberFile(open(), file, answers, { asks: !suppress });
  const rows = async function* () {
    for await (const row of readSubscriberRows(open(), file, answers)) {
      yield suppress ? asOptOut(row, optedOut > 0, suppress.reason) : row;
    }
  };
  const stay = new Set<string>();
  if (suppress || optedOut > 0) {
    for await (const batch of inBatches(rows())) {
      const optOuts = batch.flatMap(row =>
        row.kind === 'opted out' ? { ...row, since: row.since ?? madeAt } : [],
      );
      if (optOuts.length === 0) continue;
      for (const key of await list.suppressAll(optOuts)) stay.add(key);
    }
  }
  const report = newReport(file);
  const offered = await list.smtputf8Offered();
  for await (const batch of inBatches(rows())) {
    const judged = batch.map(row => judge(row, stay, offered));
    const people = judged.flatMap(({ person }) => person ?? []);
    const taken = [...(await list.addAll(people, `file:${file}`))];
    report.needSmtputf8 += batch.filter(({ kind }) => kind === 'subscriber').length - people.length;
    for (const { person, ...judgement } of judged) {
      const row: RowOutcome = { ...judgement, ...(person && taken.shift()) };
      report[counters[row.outcome]] += 1;
      if (row.outcome === 'suppressed') {
        report.reasons[row.reason] = (report.reasons[row.reason] ?? 0) + 1;
      }
      await onRow(row);
    }
  }
  return report;
}

/** Rows in one short transaction: 5 to 10 ms. */
const batchSize = 250;

async function* inBatches(rows: AsyncIterable<ListRow>): AsyncGenerator<readonly ListRow[]> {
  let batch: ListRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
    // Others get their turn: mails are being sent meanwhile, and the driver is synchronous.
    await setImmediate();
  }
  if (batch.length > 0) yield batch;
}

/** A row of a list of opt-outs. */
function asOptOut(row: ListRow, isMarked: boolean, reason: SuppressionReason | null): ListRow {
  if (row.kind === 'bad') return row;
  if (row.kind === 'opted out') return { ...row, reason: reason ?? row.reason };
  const { line, address } = row;
  if (!isMarked) return { kind: 'opted out', line, address, reason: reason ?? 'left', since: null };
  return { kind: 'skipped', line, address, reason: 'no column says that they opted out' };
}

/** What a row comes to: with a person where they are to be added. */
function judge(
  row: ListRow,
  stay: ReadonlySet<string>,
  offered: boolean | null,
): RowOutcome & { readonly person?: Person } {
  const { line } = row;
  const leftOut = (reason: string) => ({ outcome: 'left out', reason }) as const;
  if (row.kind === 'bad') return { line, address: null, ...leftOut(row.reason) };
  const { address, key } = row.address;
  const base = { line, address };
  if (row.kind === 'skipped') return { ...base, ...leftOut(row.reason) };
  if (row.kind === 'opted out') {
    if (stay.has(key)) return { ...base, outcome: 'kept', reason: 'confirmed here later' };
    return { ...base, outcome: 'suppressed', reason: row.reason };
  }
  const problem = mailableProblem(row.address, offered);
  if (problem) return { ...base, ...leftOut(problem) };
  const person = { ...row, frequency: row.frequency ?? 'daily' };
  return { ...base, outcome: 'added', reason: null, person };
}

/** What a person is told of an import, in sentences; `noun` is whom it adds, where it does. */
export function describeImport(report: ImportReport, noun: string | null): string {
  const { added, present, suppressed, reasons, kept, bad } = report;
  const shown = (number: number) => number.toLocaleString('en');
  const count = (number: number, what: string) =>
    `${shown(number)} ${what}${number === 1 ? '' : 's'}`;
  const taken = noun ? `${count(added, noun)} added, ${shown(present)} on the list already, ` : '';
  const why = Object.entries(reasons).map(
    ([reason, rows]) => `${shown(rows)} ${reason === 'editor' ? 'taken off by hand' : reason}`,
  );
  const sentences = [
    `${taken}${shown(suppressed)} suppressed, ${count(bad, 'row')} left out.`,
    why.length > 0 && `Suppressed: ${why.join(', ')}.`,
    kept > 0 && `${shown(kept)} kept: opted out elsewhere, and confirmed here later.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
