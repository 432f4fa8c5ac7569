const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdays = 'sun mon tue wed thu fri sat'.split(' ');

/** The five fields of a crontab line (crontab(5)): their bounds, and names for the numbers. */
const fields = [
  { name: 'minute', from: 0, to: 59, names: [] },
  { name: 'hour', from: 0, to: 23, names: [] },
  { name: 'day of the month', from: 1, to: 31, names: [] },
  { name: 'month', from: 1, to: 12, names: months },
  { name: 'day of the week', from: 0, to: 7, names: weekdays },
] as const;

type Field = { readonly from: number; readonly to: number; readonly names: readonly string[] };

/**
 * What is wrong with a schedule of five crontab fields, in words; null where nothing is. Checked
 * here and not by the scheduler's package, so that short commands need not load that.
 */
export function cronProblem(expression: string): string | null {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    return `has ${parts.length} fields and not five (minute, hour, day, month, weekday)`;
  }
  const wrong = fields.find((field, i) => !parts[i]?.split(',').every(item => fits(item, field)));
  return wrong ? `has a ${wrong.name} that cannot be read` : null;
}

/** `*`, `3`, `1-5`, or the first and last of these with `/step`. */
function fits(item: string, field: Field): boolean {
  const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
  if (!match) return false;
  const [, first, last, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.to)) return false;
  if (first === undefined) return true;
  if (step !== undefined && last === undefined) return false;
  const from = toNumber(first, field);
  const to = last === undefined ? from : toNumber(last, field);
  return from >= field.from && to <= field.to && from <= to;
}

function toNumber(text: string, { from, names }: Field): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const index = names.indexOf(text.toLowerCase());
  return index === -1 ? Number.NaN : from + index;
}
