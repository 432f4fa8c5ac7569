import type { Frequency } from '../edition/edition.ts';
import { messageOf } from '../lib/errors.ts';
import { startLoop, tryAgain } from '../lib/loop.ts';
import { recordSlot, type Slot, scheduleSince, slotsSince } from '../store/slots.ts';
import { readSchedule, startTimer } from './cron.ts';
import { type Due, due, lookBackFrom, nextInstant, type Plan } from './due.ts';
import { isAbort, type LookParts, lookFor } from './look.ts';
import { alertOperator } from './operator-alerts.ts';

/** A schedule of an installation. */
export type Scheduled = {
  readonly kind: Frequency;
  /** Five crontab fields. */
  readonly expression: string;
};

/** What the schedule works with. */
export type ScheduleParts = LookParts & {
  readonly schedules: readonly Scheduled[];
  /** An IANA name. */
  readonly timeZone: string;
  /** How late an edition may go out that was missed, in ms. */
  readonly catchUp: number;
  /** The operator's address; null where nobody is told. */
  readonly admin: string | null;
};

/** How often to look for what is due, beside the schedules' own times; in ms. */
const beat = 60_000;

/**
 * Publishes what the schedules name until `signal` is aborted; `onSlot` is told of each slot. node-cron
 * fires at their times; the beat covers what it misses: times that clocks skip, a machine that slept,
 * clocks that were set. Never throws: what goes wrong is logged and tried again.
 * @returns what resolves when it has ended.
 */
export async function runScheduler(
  parts: ScheduleParts,
  onSlot: (slot: Slot) => void,
  signal: AbortSignal,
): Promise<void> {
  const { wait, log } = parts.publishing.runtime;
  const round = async () => {
    for (const slot of await runRound(parts)) onSlot(slot);
    return beat;
  };
  const loop = startLoop(round, { signal, wait, onFailure: tryAgain(log, 'the schedule', beat) });
  const timers = parts.schedules.map(({ expression }) =>
    startTimer(expression, parts.timeZone, loop.wake),
  );
  await loop.ended;
  for (const timer of timers) await timer.destroy();
}

/**
 * Does all that is due now. One kind that fails keeps no other back: that is logged.
 * @returns the slots that were decided or looked at.
 */
export async function runRound(parts: ScheduleParts): Promise<readonly Slot[]> {
  const slots: Slot[] = [];
  const { log } = parts.publishing.runtime;
  for (const scheduled of parts.schedules) {
    await roundOf(parts, scheduled, slots).catch((error: unknown) => {
      // The next start looks again.
      if (isAbort(error)) return;
      log.error({ kind: scheduled.kind, error: messageOf(error) }, 'the schedule failed');
    });
  }
  return slots;
}

async function roundOf(parts: ScheduleParts, scheduled: Scheduled, slots: Slot[]): Promise<void> {
  const { db, runtime } = parts.publishing;
  const now = runtime.now();
  const plan = await planOf(parts, scheduled, now);
  const known = await slotsSince(db, scheduled.kind, lookBackFrom(plan, now));
  const items = due(plan, known, now);
  for (const item of items) {
    const slot = await act(parts, scheduled.kind, item, known);
    slots.push(slot);
    await alertOperator({ ...parts, db }, slot, runtime.now());
  }
  // A program that ended between recording and alerting has alerted nobody.
  const decided = known.filter(({ againAt }) => againAt === null).at(-1);
  if (decided && items.length === 0) await alertOperator({ ...parts, db }, decided, runtime.now());
}

/** What it takes to know when a schedule is due. */
export type PlanParts = Pick<ScheduleParts, 'publishing' | 'timeZone' | 'catchUp'>;

async function planOf(parts: PlanParts, scheduled: Scheduled, now: number): Promise<Plan> {
  const { timeZone, catchUp, publishing } = parts;
  const { kind, expression } = scheduled;
  const since = await scheduleSince(publishing.db, kind, `${expression} ${timeZone}`, now);
  return { schedule: readSchedule(expression), timeZone, catchUp, since };
}

async function act(
  parts: ScheduleParts,
  kind: Frequency,
  item: Due,
  known: readonly Slot[],
): Promise<Slot> {
  const { db, runtime } = parts.publishing;
  const { date, at } = item;
  if (item.act === 'look') return lookFor(parts, { kind, date, at, last: item.last });
  const now = runtime.now();
  const open = known.find(slot => slot.date === date);
  const slot: Slot =
    item.act === 'close' && open
      ? { ...open, againAt: null }
      : { ...missed(now - at, parts.catchUp), kind, date, dueAt: at, begunAt: now, decidedAt: now };
  await recordSlot(db, slot);
  runtime.log.warn(slot, 'the day ended without an edition');
  return slot;
}

function missed(lateMs: number, catchUpMs: number) {
  const [late, most] = [lateMs, catchUpMs].map(inHours);
  const reason = `missed: nothing ran at its time, nor for ${late} after it (CATCH_UP is ${most})`;
  return { outcome: 'skipped', reason, editionId: null, againAt: null } as const;
}

function inHours(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** When the next edition of a schedule is due, UTC ms; null where it never is. */
export async function nextEdition(parts: PlanParts, scheduled: Scheduled): Promise<number | null> {
  const { db, runtime } = parts.publishing;
  const now = runtime.now();
  const plan = await planOf(parts, scheduled, now);
  const slots = await slotsSince(db, scheduled.kind, lookBackFrom(plan, now));
  const done = new Set(slots.filter(slot => slot.outcome === 'published').map(slot => slot.date));
  return nextInstant(plan, done, now);
}
