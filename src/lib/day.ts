/** A calendar day, `YYYY-MM-DD`, without a time zone. Days compare as strings. */
export type Day = string;

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether `text` is a day that exists (`2025-02-30` does not). */
export function isDay(text: string): text is Day {
  const match = dayPattern.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return makeDay(year, month, day) === text;
}

/** The day with these numbers (month 1–12), or null where the calendar has none. */
export function makeDay(year: number, month: number, day: number): Day | null {
  const utc = new Date(Date.UTC(year, month - 1, day));
  const exists = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day;
  return exists && year >= 1000 && year <= 9999 ? utc.toISOString().slice(0, 10) : null;
}

/** The calendar day in `timeZone` (an IANA name) at `instant` (UTC ms). */
export function localDay(instant: number, timeZone: string): Day {
  const known = dayFormats.get(timeZone);
  if (known) return known.format(instant);
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  dayFormats.set(timeZone, format);
  return format.format(instant);
}

/** Making a format takes fifty times as long as using it. */
const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** `Wednesday, 3 September 2025`. */
export function longDay(day: Day): string {
  const utc = new Date(`${day}T00:00:00Z`);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(utc);
  return `${part({ weekday: 'long' })}, ${part({ day: 'numeric', month: 'long', year: 'numeric' })}`;
}

/** The day `count` days after `day`; before it where negative. */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

/** `September 2025`. */
export function longMonth(day: Day): string {
  const format = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat('en-GB', format).format(new Date(`${day}T00:00:00Z`));
}

/** The week of a day, `2025-W36`: weeks begin on Monday and belong to their Thursday's year (ISO 8601). */
export function weekOf(day: Day): string {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const thursday = addDays(day, 3 - weekday);
  const year = thursday.slice(0, 4);
  const dayOfYear = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / 86_400_000;
  return `${year}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`;
}

/** The Monday of a week, or null where there is no such week. */
export function mondayOf(week: string): Day | null {
  const [, year, number] = /^([12]\d{3})-W([0-5]\d)$/.exec(week) ?? [];
  if (year === undefined) return null;
  // The fourth of January is always in the first week.
  const inWeek = addDays(`${year}-01-04`, (Number(number) - 1) * 7);
  const weekday = (new Date(`${inWeek}T00:00:00Z`).getUTCDay() + 6) % 7;
  return weekOf(inWeek) === week ? addDays(inWeek, -weekday) : null;
}
