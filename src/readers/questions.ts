import { UsageError } from '../lib/errors.ts';
import { flagOf, headingAsks, isOptOutWord, plain, type ReadCell, reasonIn } from './opt-outs.ts';

/** What a person said of columns that may tell who opted out, as `--help` explains it. */
export type Answers = {
  /** `COLUMN=VALUE,VALUE`, or `COLUMN` for any value that is not empty. */
  readonly optOut?: readonly string[];
  /** `COLUMN`: it does not tell. */
  readonly ignoreColumn?: readonly string[];
};

/** A column of a list beyond address, names and frequency. */
export type Column = {
  readonly at: number;
  /** Its heading, or its number from 1 where the file has none. */
  readonly name: string;
  /** Null where nobody knows what it says. */
  readonly read: ReadCell | null;
  /** Whether it says when somebody opted out. */
  readonly isTime: boolean;
  /** The values that mean an opt-out, as a person said. Null where they said nothing of it. */
  readonly answer: readonly string[] | null;
};

/** A column that a person has to explain. */
export type OpenColumn = {
  readonly name: string;
  /** Its values and in how many rows each stands, the commonest first; empty cells left out. */
  readonly values: readonly (readonly [value: string, rows: number])[];
  /** Whether there are others. */
  readonly more: boolean;
  /** Those that look as if they meant an opt-out. */
  readonly suspects: readonly string[];
};

/** Columns may say who opted out, or the whole file may be opt-outs: a person has to say. */
export class OpenQuestionError extends UsageError {
  override name = 'OpenQuestionError';
  /** None where it is about the whole file. */
  readonly columns: readonly OpenColumn[];

  constructor(file: string, columns: readonly OpenColumn[]) {
    super(columns.length > 0 ? askOfColumns(file, columns) : askOfFile(file));
    this.columns = columns;
  }
}

const valuesShown = 6;

function askOfColumns(file: string, columns: readonly OpenColumn[]): string {
  const lines = columns.map(({ name, values, more }) => {
    const shown = values.slice(0, valuesShown).map(([value, rows]) => `${value} (${rows})`);
    const rest = more || values.length > valuesShown ? ', …' : '';
    return `  ${name}: ${shown.join(', ')}${rest}`;
  });
  const options = columns.map(({ name, suspects }) => {
    const values = suspects.map(value => value.replaceAll(',', ' '));
    return `--opt-out ${quote(values.length > 0 ? `${name}=${values.join(',')}` : name)}`;
  });
  return `${file} has columns that may say who is not to be mailed; nothing was changed:
${lines.join('\n')}
Say which of these values mean that (--opt-out COLUMN alone: any value), or that a column says nothing of it (--ignore-column COLUMN). For example:
  paperround subscribers import ${quote(file)} ${options.join(' ')}`;
}

function askOfFile(file: string): string {
  return `${file} has a name like a list of people who are not to be mailed; nothing was changed. If it is one:
  paperround subscribers suppress ${quote(file)}
If they are readers, give the file another name.`;
}

/** As a shell takes it. */
const quote = (text: string) =>
  /^[\w./=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const anyValue = '*';

/**
 * What was said of each column, by its place: the values that mean an opt-out, none where it is
 * ignored. Throws a UsageError for a column that is not there.
 */
export function readAnswers(
  file: string,
  names: readonly string[],
  { optOut = [], ignoreColumn = [] }: Answers,
): ReadonlyMap<number, readonly string[]> {
  const said = new Map<number, readonly string[]>();
  const lower = names.map(name => name.toLowerCase());
  const take = (text: string, hasValues: boolean) => {
    const given = text.trim().toLowerCase();
    const fits = (name: string) => given === name || (hasValues && given.startsWith(`${name}=`));
    const name = lower.filter(fits).toSorted((a, b) => b.length - a.length)[0];
    if (name === undefined) {
      const headings = names.filter(other => !/^\d+$/.test(other));
      throw new UsageError(`${file} has no column ${quote(text)}; it has: ${headings.join(', ')}`);
    }
    const named = text.trim().slice(name.length + 1);
    const values = named === '' ? [anyValue] : named.split(',').map(value => value.trim());
    for (const [at, other] of lower.entries()) {
      if (other === name) said.set(at, hasValues ? [...(said.get(at) ?? []), ...values] : []);
    }
  };
  for (const text of optOut) take(text, true);
  for (const text of ignoreColumn) take(text, false);
  return said;
}

/** Reads the cells of a column as a person said. */
export function answerReader(name: string, answer: readonly string[]): ReadCell {
  return cell => {
    const isMeant = answer.includes(anyValue)
      ? flagOf(cell) !== 'empty'
      : answer.some(value => isSame(value, cell));
    return isMeant ? (reasonIn(cell, 'about it') ?? reasonIn(name, 'about it') ?? 'left') : 'mail';
  };
}

const isSame = (a: string, b: string) =>
  a.toLowerCase() === b.toLowerCase() || (plain(a) !== '' && plain(a) === plain(b));

/** Looks at a list's columns row by row, for what a person has to explain. */
export type Watch = {
  see(cell: (at: number) => string): void;
  /** What is open, once all rows were seen. Throws a UsageError for answers that name no value. */
  open(): readonly OpenColumn[];
};

/** How many values of a column are told apart. */
const mostValues = 60;

/** Watches these columns of `file`. */
export function watchColumns(file: string, columns: readonly Column[]): Watch {
  const tallies = columns.map(column => ({
    column,
    values: new Map<string, number>(),
    more: false,
  }));
  return {
    see(cellAt) {
      for (const tally of tallies) {
        const cell = cellAt(tally.column.at);
        const { values } = tally;
        const known = values.get(cell) ?? 0;
        // What says so by itself is kept however late it comes.
        const isKept = known > 0 || values.size < mostValues || isOptOutWord(cell);
        if (isKept) values.set(cell, known + 1);
        else tally.more = true;
      }
    },
    open: () =>
      tallies.flatMap(({ column, values, more }) => {
        const cells = [...values.keys()].filter(cell => flagOf(cell) !== 'empty');
        if (column.answer) {
          if (!more) refuseUnseen(file, column.name, column.answer, cells);
          return [];
        }
        const suspects = suspectsAmong(column, cells, more);
        if (!suspects) return [];
        const byRows = cells.map(cell => [cell, values.get(cell) ?? 0] as const);
        byRows.sort(([, a], [, b]) => b - a);
        return [{ name: column.name, values: byRows, more, suspects }];
      }),
  };
}

/** A value that is misspelt would let everybody through who has the right one. */
function refuseUnseen(
  file: string,
  name: string,
  answer: readonly string[],
  cells: readonly string[],
): void {
  const isSeen = (value: string) => value === anyValue || cells.some(cell => isSame(cell, value));
  const unseen = answer.find(value => !isSeen(value));
  if (unseen === undefined) return;
  const has = cells.slice(0, valuesShown).join(', ');
  throw new UsageError(
    `${file}: no row has ${quote(unseen)} in the column ${name}; it has: ${has}`,
  );
}

/** Which values of a column look like opt-outs; null where a person need not be asked about it. */
function suspectsAmong(
  { name, read }: Column,
  cells: readonly string[],
  more: boolean,
): readonly string[] | null {
  if (read) {
    const unclear = cells.filter(cell => read(cell) === null);
    return unclear.length > 0 ? unclear : null;
  }
  const words = cells.filter(isOptOutWord);
  if (words.length > 0) return words;
  const asks = headingAsks(name);
  if (!asks || cells.length === 0) return null;
  const suspects = cells.filter(
    cell => flagOf(cell) === asks.suspect || reasonIn(cell, 'about it'),
  );
  const isFlag = !more && cells.every(cell => flagOf(cell) !== null);
  return asks.always || (isFlag && suspects.length > 0) ? suspects : null;
}
