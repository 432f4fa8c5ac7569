/** What the words are made from. `schedule`: five crontab fields. `timeZone`: an IANA name. */
export type Promised = {
  readonly schedule: string;
  readonly timeZone: string;
  readonly papers: number;
  /** UTC ms: whether the zone has summer time. */
  readonly now: number;
};

/** What readers are promised: `weekdays about 08:00 CET, ten papers, one click to leave`. */
export function describePromise({ schedule, timeZone, papers, now }: Promised): string {
  const count = `${inWords(papers)} ${papers === 1 ? 'paper' : 'papers'}`;
  return `${describeSchedule(schedule, zoneName(timeZone, now))}, ${count}, one click to leave`;
}

/** Words for the schedules that people have: one time of day, and days of the week. */
function describeSchedule(schedule: string, zone: string): string {
  const [minute = '', hour = '', day, month, weekdays = ''] = schedule.trim().split(/\s+/);
  const days = readWeekdays(weekdays);
  const simple = [minute, hour].every(field => /^\d+$/.test(field)) && day === '*' && month === '*';
  if (!simple || days === null) return 'on a schedule of its own';
  return `${describeDays(days)} about ${hour.padStart(2, '0')}:${minute.padStart(2, '0')} ${zone}`;
}

const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const mondayFirst = [1, 2, 3, 4, 5, 6, 0];

/** The days of `*`, `1-5` or `mon,thu`, 0 is Sunday; null where it is anything else. */
function readWeekdays(field: string): ReadonlySet<number> | null {
  const days = new Set<number>();
  for (const item of field.split(',')) {
    const [, first = '', last = first] =
      /^(\w+)(?:-(\w+))?$/.exec(item === '*' ? '0-6' : item) ?? [];
    const [from, to] = [weekday(first), weekday(last)];
    if (from === -1 || to === -1) return null;
    for (let at = from; at <= to; at += 1) days.add(at % 7);
  }
  return days.size > 0 ? days : null;
}

/** 0–7, or the first three letters; -1 where it is no weekday. */
function weekday(text: string): number {
  if (/^[0-7]$/.test(text)) return Number(text);
  return names.findIndex(name => name.slice(0, 3).toLowerCase() === text.toLowerCase());
}

function describeDays(days: ReadonlySet<number>): string {
  const on = mondayFirst.filter(day => days.has(day));
  const off = mondayFirst.filter(day => !days.has(day));
  if (off.length === 0) return 'every day';
  if (off.join() === '6,0') return 'weekdays';
  if (on.join() === '6,0') return 'weekends';
  if (off.length === 1) return `every day but ${names[off[0] ?? 0]}`;
  return new Intl.ListFormat('en-GB').format(on.map(day => `${names[day]}s`));
}

/** Each knows the names of its own zones, and numbers for the others. */
const locales = ['en-GB', 'en-US', 'en-AU', 'en-IN'];

/** `CET`, `EDT`; `GMT+9` where English has no name for it. */
function zoneName(timeZone: string, now: number): string {
  const known = locales.map(locale => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
    return format.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
  });
  return known.find(name => /^[A-Z]+$/.test(name)) ?? known[0] ?? 'UTC';
}

const numbers = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');

const inWords = (count: number) => numbers[count] ?? String(count);
