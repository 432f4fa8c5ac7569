import { parseArgs } from 'node:util';
import { addDays, type Day, localDay } from '../../src/lib/day.ts';
import { zonedInstant } from '../../src/lib/zoned-time.ts';
import { seeded } from '../chaos/seeded.ts';
import { aPlan, every, hour, keepTo } from '../schedule/support/simulate.ts';

// npm run soak:schedule -- [--zones N | --zone NAME] [--from 2016] [--years 10] [--step MINUTES] [--seed N]
//
// In every zone that Node knows (or in N of them), for ten years: the moment of each half hour of each
// day; then a clock that goes through these years in half-hour steps, with a schedule at some half
// hour, is off now and then, and has to have published each day exactly once.
const { values } = parseArgs({
  options: {
    zones: { type: 'string' },
    zone: { type: 'string' },
    from: { type: 'string', default: '2016' },
    years: { type: 'string', default: '10' },
    step: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  },
});
const random = seeded(Number(values.seed));
const first = `${values.from}-01-01`;
const last = `${Number(values.from) + Number(values.years)}-01-01`;
const step = (Number(values.step) * hour) / 60;

const all = Intl.supportedValuesOf('timeZone');
const drawn = values.zones === undefined ? all : sample(all, Number(values.zones));
const zones = values.zone === undefined ? drawn : [values.zone];
const faults: string[] = [];
const totals = { moments: 0, beats: 0, days: 0 };
const began = performance.now();
for (const [at, zone] of zones.entries()) {
  checkMoments(zone);
  checkYears(zone);
  if (process.stderr.isTTY) process.stderr.write(`\r${at + 1} of ${zones.length} zones`);
}
const seconds = Math.round((performance.now() - began) / 1000);
const { moments, beats, days } = totals;
const count = (number: number) => number.toLocaleString('en');
console.log(
  `${count(zones.length)} zones, ${first} to ${last}: ${count(moments)} moments, ` +
    `${count(days)} days in ${count(beats)} beats, ${count(faults.length)} faults, ${seconds} s`,
);
// Of each kind: what one kind has many of must not hide another.
const kinds = new Map<string, string[]>();
for (const fault of faults) {
  const kind = fault.replace(/^\S+ \S+ (?:at )?[\d.]+ h:? /, '');
  kinds.set(kind, [...(kinds.get(kind) ?? []), fault]);
}
for (const [kind, all] of kinds) {
  console.log(`  ${count(all.length)} × ${kind}, such as:`);
  for (const fault of all.slice(0, 10)) console.log(`    ${fault}`);
}
process.exitCode = faults.length > 0 ? 1 : 0;

function sample(zones: readonly string[], size: number): string[] {
  const drawn = zones.map(zone => [random(), zone] as const).sort(([a], [b]) => a - b);
  return drawn.slice(0, size).map(([, zone]) => zone);
}

/**
 * Each half hour of each day has a moment on that day at which clocks show it for the first time, or
 * else they skip it then: a minute before they show less, and at it or a minute later they show more.
 */
function checkMoments(zone: string): void {
  const clock = clockOf(zone);
  const wall = (day: Day, minute: number) => Date.parse(day) + minute * 60_000;
  for (let day: Day = first; day < last; day = addDays(day, 1)) {
    for (let minute = 0; minute < 1440; minute += 30) {
      const moment = zonedInstant(day, minute, zone);
      const wanted = wall(day, minute);
      totals.moments += 1;
      if (moment === null || localDay(moment, zone) !== day) {
        faults.push(`${zone}: ${day} ${minute / 60} h has no moment on its day`);
      } else if (clock(moment) === wanted) {
        const earlier = [0.5, 1, 2, 3].some(hours => clock(moment - hours * hour) === wanted);
        if (earlier) faults.push(`${zone}: ${day} ${minute / 60} h was shown before`);
      } else if (clock(moment - 60_000) >= wanted || clock(moment + 60_000) <= wanted) {
        faults.push(`${zone}: ${day} ${minute / 60} h is shown, but not at its moment`);
      }
    }
  }
}

/** What clocks in a zone show, as if it were UTC; ms. Reckoned apart from the program's own way. */
function clockOf(timeZone: string): (instant: number) => number {
  const style = { dateStyle: 'short', timeStyle: 'medium' } as const;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, ...style });
  return instant => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
}

/** A clock that goes through the years; at random off for up to 11 hours, within CATCH_UP. */
function checkYears(zone: string): void {
  const half = Math.floor(random() * 48);
  const since = Date.parse(first);
  const plan = aPlan(`${(half % 2) * 30} ${Math.floor(half / 2)} * * *`, { timeZone: zone, since });
  const editions = keepTo(plan, beatsOf(since, Date.parse(last)));
  for (let day = addDays(first, 2); day < addDays(last, -2); day = addDays(day, 1)) {
    totals.days += 1;
    const times = editions.get(day)?.length ?? 0;
    if (times !== 1) faults.push(`${zone}: ${day} at ${half / 2} h: ${times} editions`);
  }
}

function* beatsOf(from: number, to: number): Generator<number> {
  let offUntil = 0;
  for (const now of every(step, from, to)) {
    if (now < offUntil) continue;
    totals.beats += 1;
    yield now;
    if (random() < 0.01) offUntil = now + random() * 11 * hour;
  }
}
