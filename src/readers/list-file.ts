import { basename } from 'node:path';
import type { Frequency } from '../edition/edition.ts';
import { type Address, checkName, parseMailbox } from '../lib/address.ts';
import { InputError } from '../lib/errors.ts';
import type { SuppressionReason } from '../store/schema.ts';
import { type Chunks, readCells, unguard } from './csv.ts';
import {
  knownColumn,
  plain,
  reasonIn,
  type Says,
  saysOfFile,
  strongest,
  wordList,
} from './opt-outs.ts';
import {
  type Answers,
  answerReader,
  type Column,
  OpenQuestionError,
  readAnswers,
  type Watch,
  watchColumns,
} from './questions.ts';

/** A subscriber as a list file names one. `line` counts from 1. */
export type SubscriberRow = {
  readonly kind: 'subscriber';
  readonly line: number;
  readonly address: Address;
  readonly name: string | null;
  /** Null where the file does not say. */
  readonly frequency: Frequency | null;
};

/** Somebody who is not to be mailed, and since when (UTC ms) where the row says so. */
export type OptOutRow = {
  readonly kind: 'opted out';
  readonly line: number;
  readonly address: Address;
  readonly reason: SuppressionReason;
  readonly since: number | null;
};

/**
 * A row of a list. It names nobody to add where it is `bad` (it cannot be read) or `skipped` (it
 * says that this reader never asked for mail, or has not confirmed).
 */
export type ListRow =
  | SubscriberRow
  | OptOutRow
  | { readonly kind: 'bad'; readonly line: number; readonly reason: string }
  | {
      readonly kind: 'skipped';
      readonly line: number;
      readonly address: Address;
      readonly reason: string;
    };

/**
 * Reads a list in constant memory: rows with a heading (email, names and frequency in many
 * languages, and what known exports say of who opted out; others are ignored) or without one, or
 * one address a line. A row that cannot be used is a value, with its line and reason. Throws an
 * InputError that names `file` and the line where rows cannot be told apart, and a UsageError for
 * answers that fit no column.
 */
export async function* readSubscriberRows(
  stream: Chunks,
  file: string,
  answers: Answers = {},
): AsyncGenerator<ListRow> {
  for await (const { row } of readRows(stream, file, answers)) yield row;
}

/**
 * Reads a whole list without using it, so that a broken one, or one that a person has to explain,
 * is found before anything is stored: the first of the passes. Throws as `readSubscriberRows`
 * does, and, where it may ask, an OpenQuestionError.
 * @returns how many rows say that their reader opted out.
 */
export async function checkSubscriberFile(
  stream: Chunks,
  file: string,
  answers: Answers = {},
  { asks } = { asks: true },
): Promise<number> {
  let optedOut = 0;
  let watch: Watch | null = null;
  for await (const { row, cells, columns } of readRows(stream, file, answers)) {
    if (row.kind === 'opted out') optedOut += 1;
    watch ??= watchColumns(file, columns.others);
    watch.see(at => cellAt(cells, at));
  }
  if (!asks) return optedOut;
  const open = watch?.open() ?? [];
  const isAnswered = answers.optOut?.length || answers.ignoreColumn?.length;
  const isExplained = optedOut > 0 || isAnswered || saysOfFile(file) !== null;
  if (open.length > 0 || (!isExplained && reasonIn(basename(file), 'about it'))) {
    throw new OpenQuestionError(file, open);
  }
  return optedOut;
}

/** Which column holds what; -1 where none does. */
type Columns = {
  readonly email: number;
  readonly full: number;
  readonly first: number;
  readonly last: number;
  readonly frequency: number;
  readonly others: readonly Column[];
};

/** Headings of the columns that are used, in the order in which they are looked for. */
const headings = {
  email: wordList(
    'email, e-mail, email address, e-mail address, mail, mail address, primary email',
    'e-mail 1 - value, e-mail-adresse, emailadresse, mailadresse, adresse e-mail, adresse email',
    'adresse mail, courriel, adresse courriel, adresse de courriel, correo, correo electrónico',
    'dirección de correo electrónico, dirección de correo, indirizzo e-mail, indirizzo email',
    'posta elettronica, endereço de e-mail, endereço de email, endereço eletrônico, e-mailadres',
    'e-mailadresse, emailadres, e-post, epost, e-postadress, e-postadresse, sähköposti',
    'sähköpostiosoite, adres e-mail, adres email, e-mail cím, emailová adresa, e-posta, eposta',
    'электронная почта, адрес электронной почты, почта, メール, メールアドレス, eメール, 邮箱, 电子邮件',
    // Beside "email", "address" is where somebody lives.
    '电子邮箱, 邮件地址, 電子郵件, 이메일, 이메일 주소, address',
  ),
  full: wordList(
    'name, full name, fullname, display name, nickname, nom complet, nombre completo, naam',
    'nome completo, nome e cognome, vollständiger Name, volledige naam, namn, navn, nimi, имя, фио',
    '名前, 氏名, お名前, 姓名, 名字, 이름, 성명',
  ),
  first: wordList(
    'first name, firstname, fname, given name, forename, Vorname, prénom, nombre, nome, voornaam',
    'förnamn, fornavn, etunimi, imię, jméno, keresztnév',
  ),
  last: wordList(
    'last name, lastname, lname, surname, family name, Nachname, Familienname, nom, nom de famille',
    'apellido, apellidos, cognome, sobrenome, apelido, achternaam, efternamn, etternavn, efternavn',
    'sukunimi, nazwisko, příjmení, фамилия',
  ),
  frequency: wordList('frequency'),
};

/** Rows may be longer than the first one; what stands there is looked at, too. */
const spare = 8;

/**
 * Reads the first row: the columns its headings name, or those of a list without headings (email,
 * name, frequency). Null where it is neither, so that nobody can say where the addresses are.
 */
function findColumns(
  cells: readonly string[],
  file: string,
  answers: Answers,
): { readonly columns: Columns; readonly isHeading: boolean } | null {
  const words = cells.map(plain);
  const find = (names: readonly string[]) =>
    words.indexOf(names.find(name => words.includes(name)) ?? '\0');
  const isHeading = find(headings.email) !== -1;
  if (!isHeading && cells.length !== 1 && !cells[0]?.includes('@')) return null;
  const used = isHeading
    ? {
        email: find(headings.email),
        full: find(headings.full),
        first: find(headings.first),
        last: find(headings.last),
        frequency: find(headings.frequency),
      }
    : { email: 0, full: 1, first: -1, last: -1, frequency: 2 };
  const names = Array.from(
    { length: cells.length + spare },
    (_, at) => (isHeading && cells[at]?.trim()) || `${at + 1}`,
  );
  const said = readAnswers(file, names, answers);
  const others = names.flatMap((name, at): Column[] => {
    const values = said.get(at) ?? null;
    // Without a heading, what stands where names do may be anything.
    const isUsed = Object.values(used).includes(at) && (isHeading || at !== used.full);
    if (isUsed && !values) return [];
    const known = isHeading ? knownColumn(name, cells) : null;
    const read = values ? answerReader(name, values) : (known?.read ?? null);
    return [{ at, name, read, isTime: known?.isTime ?? false, answer: values }];
  });
  return { columns: { ...used, others }, isHeading };
}

type Read = {
  readonly row: ListRow;
  readonly cells: readonly string[];
  readonly columns: Columns;
};

async function* readRows(stream: Chunks, file: string, answers: Answers): AsyncGenerator<Read> {
  let columns: Columns | null = null;
  const ofFile = saysOfFile(file);
  for await (const { cells, line } of readCells(stream, file)) {
    if (columns === null) {
      const found = findColumns(cells, file, answers);
      if (!found) {
        throw new InputError(
          `${file}:${line}: no column is called email; start the file with a line such as "email,name"`,
        );
      }
      columns = found.columns;
      if (found.isHeading) continue;
    }
    const { email, full, first, last } = columns;
    if ([email, full, first, last].some(at => cells[at]?.includes('\n'))) {
      throw new InputError(
        `${file}:${line}: a line break inside an address or name; is a quote left open?`,
      );
    }
    yield { row: readRow(cells, columns, ofFile, line), cells, columns };
  }
  if (columns === null) throw new InputError(`${file}: the file is empty`);
}

const cellAt = (cells: readonly string[], at: number) => unguard(cells[at]?.trim() ?? '');

/** Makes of a row's cells what they say; who opted out is told whatever else is wrong. */
function readRow(
  cells: readonly string[],
  columns: Columns,
  ofFile: Says | null,
  line: number,
): ListRow {
  const bad = (reason: string): ListRow => ({ kind: 'bad', line, reason });
  const cell = (at: number) => cellAt(cells, at);
  const text = cell(columns.email);
  const mailbox = parseMailbox(text);
  if (!mailbox.ok) return bad(text === '' ? 'no address' : mailbox.problem);
  const { address } = mailbox.value;

  const said = columns.others.map(({ at, read }) => read?.(cell(at)) ?? 'mail');
  const says = strongest([ofFile ?? 'mail', ...said]);
  if (says === 'skip') {
    const by = columns.others[said.indexOf('skip')];
    const why = by
      ? `${by.name.toLowerCase()} is ${cell(by.at).toLowerCase()}`
      : 'never subscribed';
    return { kind: 'skipped', line, address, reason: why.includes('@') ? 'not subscribed' : why };
  }
  if (says !== 'mail') {
    const times = columns.others.filter(({ isTime }) => isTime).map(({ at }) => latest(cell(at)));
    const since = times.findLast(time => time !== null) ?? null;
    return { kind: 'opted out', line, address, reason: says, since };
  }

  const name = checkName(fullName(cell(columns.full), cell(columns.first), cell(columns.last)));
  if (!name.ok) return bad(name.problem);
  const frequency = cell(columns.frequency).toLowerCase();
  if (frequency !== '' && frequency !== 'daily' && frequency !== 'weekly') {
    return bad('the frequency is neither daily nor weekly');
  }
  return {
    kind: 'subscriber',
    line,
    address,
    name: name.value ?? mailbox.value.name,
    frequency: frequency === '' ? null : frequency,
  };
}

/** Beside a first name, "name" is often the last one. */
function fullName(full: string, first: string, last: string): string {
  if (full !== '' && full.includes(first)) return full;
  return [first, last || full].filter(part => part !== '').join(' ');
}

const hour = 3_600_000;

/**
 * The latest instant (UTC ms) that an ISO 8601 date, or date and time, may mean, wherever it was
 * written down; null where it is none.
 */
export function latest(text: string): number | null {
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?)?$/.exec(
      text,
    ) ?? [];
  const slack = zone ? 0 : time ? 12 * hour : 36 * hour;
  const instant = Date.parse(`${day}T${time ?? '00:00'}${zone && zone !== 'UTC' ? zone : 'Z'}`);
  return Number.isNaN(instant) ? null : instant + slack;
}
