import { type Day, isDay, localDay } from './day.ts';
import { InputError } from './errors.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The instant (UTC ms) at which clocks in `timeZone` show a minute (0–1439) of `day`: the first one
 * if they show it twice. If they skip it, the end of the gap while that is still the same day, else
 * the last minute before the gap. Null if they skip the whole day (Apia, 2011-12-30).
 */
export function zonedInstant(day: Day, minute: number, timeZone: string): number | null {
  const wall = Date.parse(day) + minute * minuteMs;
  // Clocks are changed once in two days at most, so these are the offsets before and after.
  const [before, after] = [wall - dayMs, wall + dayMs].map(near => wall - offsetAt(near, timeZone));
  for (const instant of [before, after]) {
    if (instant !== undefined && instant + offsetAt(instant, timeZone) === wall) return instant;
  }
  const end = endOfGap(before ?? wall, after ?? wall, timeZone);
  return [end, end - minuteMs].find(instant => localDay(instant, timeZone) === day) ?? null;
}

/** The first instant (UTC ms) of `day` in `timeZone`, also where the clocks skip midnight. */
export function startOfDay(day: Day, timeZone: string): number {
  return zonedInstant(day, 0, timeZone) ?? Date.parse(day);
}

/** The instant between two at which clocks change, by halves. */
function endOfGap(one: number, other: number, timeZone: string): number {
  let [before, since] = [Math.min(one, other), Math.max(one, other)];
  const offset = offsetAt(since, timeZone);
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2);
    if (offsetAt(middle, timeZone) === offset) since = middle;
    else before = middle;
  }
  return since;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far clocks in `timeZone` are ahead of UTC, in ms. */
function offsetAt(instant: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? clockFormat(timeZone);
  formats.set(timeZone, format);
  const shown = format.format(instant).split(/\D+/).map(Number);
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

function clockFormat(timeZone: string): Intl.DateTimeFormat {
  const [number, hourCycle] = ['2-digit', 'h23'] as const;
  const date = { year: 'numeric', month: number, day: number } as const;
  const time = { hour: number, minute: number, second: number, hourCycle } as const;
  return new Intl.DateTimeFormat('en-US', { timeZone, ...date, ...time });
}

/**
 * The instant (UTC ms) that a person means: `2025-09-04 07:30` on clocks in `timeZone`, `07:30` the
 * next time they show it, or an instant with its offset, `2025-09-04T05:30Z`. Throws an InputError
 * for anything else, for a time that clocks skip, and for one that is past or over a year away.
 */
export function readTime(
  text: string,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): number {
  const instant = readInstant(text.trim(), now, timeZone);
  if (instant === null) {
    throw new InputError(`“${text}” is no time: write it as 2025-09-04 07:30, or 07:30`);
  }
  if (instant <= now) throw new InputError(`${text} is past; name a time to come`);
  if (instant > now + 366 * dayMs) throw new InputError(`${text} is more than a year away`);
  return instant;
}

function readInstant(text: string, now: number, timeZone: string): number | null {
  const [, day, hours, minutes, offset] =
    /^(?:(\d{4}-\d{2}-\d{2})[T ])?([01]\d|2[0-3]):([0-5]\d)(?::00)?(Z|[+-]\d{2}:\d{2})?$/.exec(
      text,
    ) ?? [];
  if (hours === undefined || (day !== undefined && !isDay(day))) return null;
  if (offset !== undefined) {
    return day === undefined ? null : Date.parse(`${day}T${hours}:${minutes}:00${offset}`);
  }
  const minute = 60 * Number(hours) + Number(minutes);
  if (day !== undefined) return zonedInstant(day, minute, timeZone);
  const days: readonly Day[] = [0, 1, 2].map(ahead => localDay(now + ahead * dayMs, timeZone));
  return (
    days.map(day => zonedInstant(day, minute, timeZone)).find(at => at !== null && at > now) ?? null
  );
}

/** An instant as clocks in `timeZone` show it, in English. */
export function showTime(
  instant: number,
  timeZone: string,
  style: Intl.DateTimeFormatOptions,
): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, ...style }).format(instant);
}

/** `Thursday, 4 September 2025 at 07:30 (Europe/Berlin)`. */
export function sayTime(instant: number, timeZone: string): string {
  return `${showTime(instant, timeZone, { dateStyle: 'full', timeStyle: 'short' })} (${timeZone})`;
}
