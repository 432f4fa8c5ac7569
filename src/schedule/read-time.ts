import { type Day, isDay, localDay } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import { momentOf } from './moment.ts';

const dayMs = 86_400_000;

/**
 * The instant (UTC ms) that a person means: `2025-09-04 07:30` on clocks in `timeZone`, `07:30` the
 * next time they show it, or an instant with its offset, `2025-09-04T05:30Z`. Throws an InputError
 * for anything else, for a time that clocks skip, and for one that is past or over a year away.
 */
export function readTime(
  text: string,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): number {
  const instant = instantOf(text.trim(), now, timeZone);
  if (instant === null) {
    throw new InputError(`“${text}” is no time: write it as 2025-09-04 07:30, or 07:30`);
  }
  if (instant <= now) throw new InputError(`${text} is past; name a time to come`);
  if (instant > now + 366 * dayMs) throw new InputError(`${text} is more than a year away`);
  return instant;
}

function instantOf(text: string, now: number, timeZone: string): number | null {
  const [, day, hours, minutes, offset] =
    /^(?:(\d{4}-\d{2}-\d{2})[T ])?([01]\d|2[0-3]):([0-5]\d)(?::00)?(Z|[+-]\d{2}:\d{2})?$/.exec(
      text,
    ) ?? [];
  if (hours === undefined || (day !== undefined && !isDay(day))) return null;
  if (offset !== undefined) {
    return day === undefined ? null : Date.parse(`${day}T${hours}:${minutes}:00${offset}`);
  }
  const minute = 60 * Number(hours) + Number(minutes);
  if (day !== undefined) return momentOf(day, minute, timeZone);
  const days: readonly Day[] = [0, 1, 2].map(ahead => localDay(now + ahead * dayMs, timeZone));
  return (
    days.map(day => momentOf(day, minute, timeZone)).find(at => at !== null && at > now) ?? null
  );
}

/** `Thursday, 4 September 2025 at 07:30 (Europe/Berlin)`. */
export function sayTime(instant: number, timeZone: string): string {
  const style = { dateStyle: 'full', timeStyle: 'short' } as const;
  return `${new Intl.DateTimeFormat('en-GB', { timeZone, ...style }).format(instant)} (${timeZone})`;
}
