import { type Address, checkName, parseMailbox } from '../lib/address.ts';

/** A subscriber as a list file names one. `line` counts from 1. */
export type SubscriberRow = {
  readonly kind: 'subscriber';
  readonly line: number;
  readonly address: Address;
  readonly name: string | null;
  /** Null where the file does not say. */
  readonly frequency: 'daily' | 'weekly' | null;
};

/**
 * A row that names nobody to add: `bad` where it cannot be read, `skipped` where it can and says
 * that this reader is not to be mailed.
 */
export type OtherRow = {
  readonly kind: 'bad' | 'skipped';
  readonly line: number;
  readonly reason: string;
};

/** Which column holds what; -1 where none does. */
export type Columns = {
  readonly email: number;
  readonly name: number;
  readonly frequency: number;
  readonly status: number;
};

const headings = {
  email: ['email', 'e-mail', 'email-address', 'e-mail-address', 'mail', 'address'],
  name: ['name', 'full-name'],
  frequency: ['frequency'],
  status: ['status'],
} as const;

/** The columns where there is no heading: email, name, frequency. */
const bare: Columns = { email: 0, name: 1, frequency: 2, status: -1 };

/** What programs call readers who want mail. */
const welcome = ['', 'active', 'subscribed', 'enabled'];

/**
 * Reads the first row: the columns its headings name, or those of a list without headings. Null
 * where it is neither, so that nobody can say where the addresses are.
 */
export function findColumns(
  cells: readonly string[],
): { readonly columns: Columns; readonly isHeading: boolean } | null {
  const words = cells.map(cell =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s_]+/g, '-'),
  );
  const find = (names: readonly string[]) =>
    // In the order of the names: beside "email", "address" is where somebody lives.
    words.indexOf(names.find(name => words.includes(name)) ?? '\0');
  const email = find(headings.email);
  if (email !== -1) {
    const [name, frequency, status] = [headings.name, headings.frequency, headings.status].map(
      find,
    );
    const columns = { email, name: name ?? -1, frequency: frequency ?? -1, status: status ?? -1 };
    return { columns, isHeading: true };
  }
  const isBare = cells.length === 1 || cells[0]?.includes('@');
  return isBare ? { columns: bare, isHeading: false } : null;
}

/** Makes of a row's cells what they say. */
export function readRow(
  cells: readonly string[],
  columns: Columns,
  line: number,
): SubscriberRow | OtherRow {
  const cell = (index: number) => unguard(cells[index]?.trim() ?? '');
  const status = cell(columns.status).toLowerCase();
  if (!welcome.includes(status)) return { kind: 'skipped', line, reason: `status is ${status}` };
  const text = cell(columns.email);
  const mailbox = parseMailbox(text);
  if (!mailbox.ok) return bad(line, text === '' ? 'no address' : mailbox.problem);
  const name = checkName(cell(columns.name));
  if (!name.ok) return bad(line, name.problem);
  const frequency = cell(columns.frequency).toLowerCase();
  if (frequency !== '' && frequency !== 'daily' && frequency !== 'weekly') {
    return bad(line, 'the frequency is neither daily nor weekly');
  }
  return {
    kind: 'subscriber',
    line,
    address: mailbox.value.address,
    name: name.value ?? mailbox.value.name,
    frequency: frequency === '' ? null : frequency,
  };
}

const bad = (line: number, reason: string): OtherRow => ({ kind: 'bad', line, reason });

/**
 * Puts an apostrophe before what a spreadsheet would run as a formula, and before what already
 * looks so guarded, so that `unguard` gives back every text.
 */
export function guard(text: string): string {
  return /^'*[=+\-@]/.test(text) ? `'${text}` : text;
}

function unguard(text: string): string {
  return /^'+[=+\-@]/.test(text) ? text.slice(1) : text;
}
