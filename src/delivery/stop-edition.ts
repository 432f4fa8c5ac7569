import { crc32 } from 'node:zlib';
import type { Runtime } from '../lib/runtime.ts';
import { sayTime } from '../lib/zoned-time.ts';
import type { Database } from '../store/database.ts';
import {
  type DeliveryClaim,
  type Outcome,
  recordOutcomes,
  refusedBefore,
} from '../store/deliveries.ts';
import { getEdition, moveEdition, type StoredEdition } from '../store/editions.ts';
import { hasOtherDomain, holdDomain, holdsOf } from '../store/holds.ts';
import { queueOperatorNotice } from '../store/notices.ts';
import { countDeliveries } from '../store/reports.ts';
import { writePatiently } from './ledger.ts';
import { waitUntil } from './limits.ts';
import { atOurs, holdMs, type Verdict } from './policy.ts';
import {
  createRefusalWatch,
  isAboutUs,
  type RefusalFinding,
  type RefusalWatch,
} from './refusal-watch.ts';
import { likenessOf, withoutAddresses } from './refusals.ts';
import { type SendResult, wordsOf } from './reply.ts';

/**
 * Why an edition stopped before everybody had it. `refused`: the server refuses us; `limit`: it
 * names a limit, which is waited for until then (UTC ms); in both the edition is paused.
 * `connection`: no lane got through; `rate`: SEND_RATE is used up for `waitMs`.
 */
export type Trouble =
  | Stop
  | { readonly why: 'connection'; readonly text: string }
  | { readonly why: 'rate'; readonly text: string; readonly waitMs: number };

/** What keeps an edition from going on, whoever its next reader is. */
export type Stop =
  | { readonly why: 'refused'; readonly text: string }
  | { readonly why: 'limit'; readonly text: string; readonly until: number };

/** What it takes to stop an edition, and to say so. */
export type StopParts = {
  readonly db: Database;
  readonly runtime: Runtime;
  /** Who is mailed, and in which zone (an IANA name); nobody if left out. */
  readonly operator?: { readonly address: string | null; readonly timeZone: string };
};

/** Who sees what comes of a run's messages, and stops the edition where it must. */
export type Overseer = {
  /** What the ledger asks. */
  readonly watch: RefusalWatch;
  /** Told of every message and connection. */
  see(result: SendResult, verdict: Verdict, claim: DeliveryClaim | null): void;
  /**
   * Records what is undecided once the lanes have ended; `done`: they came to the end of what is due.
   * @returns what the edition was stopped for.
   */
  conclude(done: boolean): Promise<Stop | null>;
};

type OverseenRun = { readonly workerId: string; readonly lanes: number; readonly end: () => void };

/** Oversees one run over an edition; it is told to end where no reader would get anything. */
export async function oversee(
  parts: StopParts,
  edition: StoredEdition,
  { workerId, lanes, end }: OverseenRun,
): Promise<Overseer> {
  const { db, runtime } = parts;
  const { id, expiresAt } = edition;
  const before = (await refusedBefore(db, id)).map(
    ({ subscriberId, address, code, enhanced, reply }) =>
      [subscriberId, likenessOf({ code, enhanced, text: reply }, null, address)] as const,
  );
  const held = new Set((await holdsOf(db, id)).map(({ domain }) => domain));
  const watch = createRefusalWatch({ lanes, refused: new Map(before), held });
  const asides: Promise<void>[] = [];
  let stop: Stop | null = null;

  const stopFor = (result: SendResult, verdict: Verdict) => {
    const text = textOf(result);
    stop ??=
      verdict.do === 'wait'
        ? { why: 'limit', text, until: waitUntil(verdict.ms, { now: runtime.now(), expiresAt }) }
        : { why: 'refused', text };
    end();
  };
  const follow = async (finding: RefusalFinding, result: SendResult, verdict: Verdict) => {
    const { domains, byPolicy } = finding;
    const [first = '', ...others] = domains;
    const isAll = others.length === 0 && !(await hasOtherDomain(db, id, first));
    if (isAll || others.length > 0) stopFor(result, verdict);
    if (isAll || !byPolicy) return;
    const reply = textOf(result);
    for (const domain of domains) {
      runtime.log.error({ edition: id, domain, reply }, 'a domain refuses us: held back');
      const hold = { domain, reply, until: runtime.now() + holdMs };
      await writePatiently(runtime, () => holdDomain(db, id, hold));
    }
  };
  const isEndAboutUs = async (): Promise<Stop | null> => {
    if (!watch.row(true)) return null;
    const everSent = (await countDeliveries(db, id)).sent > 0;
    const row = watch.row(!everSent);
    if (!row) return null;
    const [first = '', ...others] = row.domains;
    const isUs = isAboutUs(row, {
      everSent,
      oneDomain: others.length === 0 && !(await hasOtherDomain(db, id, first)),
    });
    return isUs ? { why: 'refused', text: withoutAddresses(row.reply.text) } : null;
  };

  return {
    watch,
    see(result, verdict, claim) {
      const finding = claim && watch.see(claim, result, verdict);
      const ours = result.kind === 'refused' && atOurs(result);
      if (verdict.do === 'pause' || (verdict.do === 'wait' && ours)) stopFor(result, verdict);
      else if (finding && !stop) {
        const aside = follow(finding, result, verdict);
        aside.catch(end);
        asides.push(aside);
      }
    },
    async conclude(done) {
      await Promise.all(asides);
      // Where a person stopped it, nobody knows yet how it would have gone on.
      const isEnd = done && (await getEdition(db, id))?.status === 'sending';
      if (isEnd) stop ??= await isEndAboutUs();
      const found = stop;
      const all = watch.undecided();
      const undecided = isEnd && !found ? all : all.map(waiting);
      await writePatiently(runtime, async () => {
        if (found) await stopEdition(parts, edition, workerId, undecided, found);
        else await recordOutcomes(db, workerId, undecided);
      });
      return found;
    },
  };
}

/** As if it had never been decided: it is due as soon as the edition goes on. */
function waiting(outcome: Outcome): Outcome {
  return outcome.state === 'failed' ? { ...outcome, state: 'deferred' } : outcome;
}

/** What a server said, for people to read; it names no reader. */
export function textOf(result: SendResult): string {
  return withoutAddresses(wordsOf(result));
}

/** Pauses an edition and queues a mail to the operator. One transaction: when the mail arrives, it is paused. */
async function stopEdition(
  { db, runtime, operator }: StopParts,
  edition: StoredEdition,
  workerId: string,
  undecided: readonly Outcome[],
  stop: Stop,
): Promise<void> {
  const { id, kind, date, expiresAt } = edition;
  const until = stop.why === 'limit' ? stop.until : null;
  const pausedBy = until === null ? 'policy' : 'relay';
  const change = { pausedBy, reason: stop.text, resumeAt: until } as const;
  await db.transaction().execute(async transaction => {
    await recordOutcomes(transaction, workerId, undecided);
    const moved = await moveEdition(transaction, id, ['sending'], 'paused', change);
    if (!moved || !operator?.address) return;
    const about = {
      edition: `${id}`,
      kind,
      date,
      reason: stop.text,
      until: until === null ? '' : sayTime(until, operator.timeZone),
      late: until !== null && until >= expiresAt ? sayTime(expiresAt, operator.timeZone) : '',
    };
    const notice = { purpose: 'trouble', window: windowOf(id, stop.text), about } as const;
    await queueOperatorNotice(transaction, { ...notice, address: operator.address }, runtime.now());
  });
  if (until === null) {
    runtime.log.error({ edition: id, reply: stop.text }, 'the server refuses us: paused');
  } else {
    const at = new Date(until).toISOString();
    runtime.log.error({ edition: id, reply: stop.text, until: at }, 'the server names a limit');
  }
}

/** A negative number for an edition and a reason: those of `schedule/operator-alerts` are positive. */
function windowOf(editionId: number, reason: string): number {
  return -(editionId * 2 ** 32 + crc32(reason.replace(/\S*\d\S*/g, '')));
}
