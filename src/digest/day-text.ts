import { type Day, makeDay } from '../lib/day.ts';

/** A day as a source writes it; `year` is null where it says none ("Sep 3"). */
export type WrittenDay = {
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
};

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const month = String.raw`(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`;
const weekday = String.raw`(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?`;
const day = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?`;
const year = String.raw`(?:,?\s+(?<year>\d{4}))?`;

const forms = [
  new RegExp(`^${weekday}${month}\\s+${day}${year}$`, 'i'),
  new RegExp(`^${weekday}${day}\\s+${month}${year}$`, 'i'),
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:T\S*)?$/i,
];

/** Reads `Sep 3`, `Oct 7, 2024`, `3 September 2025`, `2025-09-03`; null where it is no such day. */
export function readDay(text: string): WrittenDay | null {
  if (text.length > 40) return null;
  for (const form of forms) {
    const groups = form.exec(text.trim())?.groups;
    if (groups) return checked(groups);
  }
  return null;
}

function checked(groups: Record<string, string | undefined>): WrittenDay | null {
  const name = (groups.month ?? '').toLowerCase();
  const named = months.indexOf(name.slice(0, 3)) + 1;
  const written = {
    year: groups.year ? Number(groups.year) : null,
    month: named || Number(name),
    day: Number(groups.day),
  };
  // 2024 has a 29th of February.
  return makeDay(written.year ?? 2024, written.month, written.day) ? written : null;
}

/**
 * The calendar day that is meant: as written where there is a year, else the latest such day not
 * after `reference`.
 */
export function resolveDay(written: WrittenDay, reference: Day): Day {
  if (written.year !== null) return makeDay(written.year, written.month, written.day) ?? reference;
  const latest = Number(reference.slice(0, 4));
  // Eight years: 29 February 1896 was followed by that of 1904.
  for (let candidate = latest; candidate >= latest - 8; candidate -= 1) {
    const found = makeDay(candidate, written.month, written.day);
    if (found && found <= reference) return found;
  }
  return reference;
}

/**
 * The day of `2025-12-01T00:38:17Z` or `Fri, 23 Feb 2024 00:00:00 -0500`, as it is written there:
 * in the feed's own time zone. Null where it is neither.
 */
export function dayOf(time: string): Day | null {
  const [day] = /^\d{4}-\d{2}-\d{2}|(?<=^(?:\w{3,9},?\s+)?)\d{1,2}\s+\w{3,9}\s+\d{4}/.exec(
    time.trim().slice(0, 60),
  ) ?? [''];
  const written = readDay(day);
  // Both forms have a year, so nothing is reckoned from the reference day.
  return written?.year ? resolveDay(written, '') : null;
}
