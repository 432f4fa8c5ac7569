import { addDays, type Day, localDay } from '../lib/day.ts';
import { zonedInstant } from '../lib/zoned-time.ts';
import type { Slot } from '../store/slots.ts';
import type { Schedule } from './cron.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A slot that is late by no more was not missed: the beat or another edition took that long. In ms. */
export const onTime = 5 * minute;
/** How long to wait before looking again for a list that is not there yet, in ms. */
export const lookAgainAfter = 15 * minute;
/** How long after the first look to look again; then the day ends without an edition. In ms. */
export const lookFor = 6 * hour;
/** How far back a day is recorded as missed, in days. */
const lookBack = 31;

/** A schedule in a time zone. Instants are UTC ms. */
export type Plan = {
  readonly schedule: Schedule;
  /** An IANA name. */
  readonly timeZone: string;
  /** Since when it holds: it promised nobody an edition before that. */
  readonly since: number;
  /** How late an edition may go out that was missed, in ms. */
  readonly catchUp: number;
};

/** What is known of a scheduled day. */
export type Known = Pick<Slot, 'date' | 'outcome' | 'dueAt' | 'begunAt' | 'decidedAt' | 'againAt'>;

/**
 * What is due. `look`: ask the source and publish; `last`: whatever this look comes to stays.
 * `skip`: nothing ran in time. `close`: what the last look came to stays.
 */
export type Due = {
  readonly date: Day;
  /** The scheduled instant, UTC ms. */
  readonly at: number;
} & ({ readonly act: 'look'; readonly last: boolean } | { readonly act: 'skip' | 'close' });

/**
 * What is due at `now`, oldest first, given what is known of the days since `lookBackFrom`. A slot is a
 * calendar day in the plan's zone, so none has two, whatever the clocks do; its instant is the
 * first one that the schedule names on it. Of several that were missed only the newest is made up
 * for. Works over slots and not from one beat to the next: a clock that jumps, or a program that
 * starts again, changes nothing.
 */
export function due(plan: Plan, known: readonly Known[], now: number): readonly Due[] {
  const open = openDays(plan, known, now);
  return open.flatMap(({ slot, ...day }, index): readonly Due[] => {
    const newest = index === open.length - 1;
    if (!slot) {
      const late = now - day.at > Math.max(plan.catchUp, onTime);
      return [late || !newest ? { ...day, act: 'skip' } : { ...day, act: 'look', last: false }];
    }
    const end = slot.begunAt + lookFor;
    if (!newest || now > end + plan.catchUp + lookAgainAfter) return [{ ...day, act: 'close' }];
    return isWaiting(slot, now) ? [] : [{ ...day, act: 'look', last: now >= end }];
  });
}

type OpenDay = { readonly date: Day; readonly at: number; readonly slot: Known | undefined };

/**
 * The days whose time has come and that are not decided. A day that is being waited for keeps its
 * time, even if the schedule or its zone changes in between.
 */
function openDays(plan: Plan, known: readonly Known[], now: number): readonly OpenDay[] {
  const slots = new Map(known.filter(slot => holds(slot, now)).map(slot => [slot.date, slot]));
  const days: OpenDay[] = [];
  const today = localDay(now, plan.timeZone);
  const promised = localDay(plan.since, plan.timeZone);
  const oldest = addDays(today, -lookBack);
  for (let date = oldest; date <= today; date = addDays(date, 1)) {
    const slot = slots.get(date);
    if (slot ? slot.againAt === null : date < promised) continue;
    const at = slot ? slot.dueAt : instantOn(plan, date);
    if (at !== null && (slot || at >= plan.since) && at <= now) days.push({ date, at, slot });
  }
  return days;
}

/** A decision later than `now` is void, since the clock was wrong then; but sent is sent. */
function holds({ outcome, decidedAt }: Known, now: number): boolean {
  return outcome === 'published' || decidedAt <= now + onTime;
}

function isWaiting({ againAt }: Known, now: number): boolean {
  return againAt !== null && now < againAt;
}

/** When the schedule's time of a day is, UTC ms; null where it names none on it. */
function instantOn({ schedule, timeZone }: Plan, date: Day): number | null {
  const first = schedule.firstMinute(date);
  return first === null ? null : zonedInstant(date, first, timeZone);
}

/** The first day of which records matter at `now`. */
export function lookBackFrom({ timeZone }: Plan, now: number): Day {
  return addDays(localDay(now, timeZone), -lookBack);
}

/** How far to look for the rarest days, 29 February on a given weekday. In days. */
const farthest = 366 * 28;

/** The next instant after `now` that the plan names, of a day that is not in `done`; null for none. */
export function nextInstant(
  plan: Plan,
  done: { has(date: Day): boolean },
  now: number,
): number | null {
  const today = localDay(now, plan.timeZone);
  for (let days = 0; days <= farthest; days += 1) {
    const date = addDays(today, days);
    const at = done.has(date) ? null : instantOn(plan, date);
    if (at !== null && at > now) return at;
  }
  return null;
}
