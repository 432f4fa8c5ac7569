import { type Day, localDay } from '../lib/day.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The instant (UTC ms) at which clocks in `timeZone` show a minute (0–1439) of `day`; the first one
 * where they show it twice. Where they skip it, the end of the gap if that is still of that day, or
 * else the last minute before it. Null where they skip the whole day (Apia, 2011-12-30).
 */
export function momentOf(day: Day, minute: number, timeZone: string): number | null {
  const wall = Date.parse(day) + minute * minuteMs;
  // Clocks are changed once in two days at most, so these are the offsets before and after.
  const [before, after] = [wall - dayMs, wall + dayMs].map(near => wall - offsetAt(near, timeZone));
  for (const instant of [before, after]) {
    if (instant !== undefined && instant + offsetAt(instant, timeZone) === wall) return instant;
  }
  const end = endOfGap(before ?? wall, after ?? wall, timeZone);
  return [end, end - minuteMs].find(instant => localDay(instant, timeZone) === day) ?? null;
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
