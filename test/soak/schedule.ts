import { parseArgs } from 'node:util';
import { addDays, type Day, localDay } from '../../src/day.ts';
import { momentOf } from '../../src/schedule/moment.ts';
import { seeded } from '../chaos/seeded.ts';
import { aPlan, every, hour, keepTo } from '../schedule/support/simulate.ts';

// npm run soak:schedule -- [--zones N] [--from 2016] [--years 10] [--step MINUTES] [--seed N]
//
// In every zone that Node knows (or in N of them), for ten years: the moment of each half hour of each
// day; then a clock that goes through these years in half-hour steps, with a schedule at some half
// hour, is off now and then, and has to have published each day exactly once.
const { values } = parseArgs({
  options: {
    zones: { type: 'string' },
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
const zones = values.zones === undefined ? all : sample(all, Number(values.zones));
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
for (const fault of faults.slice(0, 50)) console.log(`  ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;

function sample(zones: readonly string[], size: number): string[] {
  const drawn = zones.map(zone => [random(), zone] as const).sort(([a], [b]) => a - b);
  return drawn.slice(0, size).map(([, zone]) => zone);
}

/** Each half hour has one moment a day: of that day, and none before that of an earlier half hour. */
function checkMoments(zone: string): void {
  const known = new Map<number, number>();
  for (let day: Day = first; day < last; day = addDays(day, 1)) {
    for (let minute = 0; minute < 1440; minute += 30) {
      const moment = momentOf(day, minute, zone);
      totals.moments += 1;
      if (moment === null || localDay(moment, zone) !== day) {
        faults.push(`${zone}: ${day} has no ${minute / 60} h`);
        continue;
      }
      const before = known.get(minute);
      const apart = before === undefined ? 24 : (moment - before) / hour;
      // An hour more or less where clocks change; the zones that jumped a day did so earlier.
      if (apart < 22 || apart > 26) faults.push(`${zone}: ${day} ${minute / 60} h: ${apart} h`);
      known.set(minute, moment);
    }
  }
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
