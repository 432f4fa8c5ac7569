import { messageOf } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import {
  claimDeliveries,
  type DeliveryClaim,
  type Outcome,
  recordOutcomes,
} from '../store/deliveries.ts';
import { type GroupCommit, mayPass } from '../store/sqlite.ts';
import type { RefusalWatch } from './refusal-watch.ts';

/** The lanes' way to what is recorded of their messages. */
export type Ledger<Held = DeliveryClaim> = {
  /**
   * Records a lane's last outcome (null at its start) and claims its next message. Resolves once
   * the outcome is durable; null where nothing is due.
   */
  exchange(outcome: Outcome<Held> | null): Promise<Held | null>;
  /** Records a lane's last outcome without claiming another. */
  settle(outcome: Outcome<Held>): Promise<void>;
};

/** What was sent must not be forgotten, or it is sent again: a full disk or a lock is waited for. */
export async function writePatiently<Result>(
  { log, wait }: Runtime,
  write: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!mayPass(error)) throw error;
      log.error({ error: messageOf(error) }, 'cannot write to the database; trying again');
      await wait(1_000);
    }
  }
}

type Request = {
  readonly outcome: Outcome | null;
  readonly claims: boolean;
  readonly resolve: (claim: DeliveryClaim | null) => void;
  readonly reject: (error: unknown) => void;
};

/** Whose ledger it is; `only`: nobody but these subscribers is claimed. */
export type LedgerOptions = {
  readonly editionId: number;
  readonly workerId: string;
  readonly lanes: number;
  readonly only?: readonly number[] | undefined;
  /** Told of every claim, and says which outcomes are ready to be recorded; all where left out. */
  readonly watch?: Pick<RefusalWatch, 'began' | 'decide'>;
};

/**
 * The ledger of one edition for one worker. The outcomes and claims of all lanes that ask meanwhile
 * go in one transaction.
 */
export function createLedger(
  group: GroupCommit,
  runtime: Runtime,
  { editionId, workerId, lanes, only, watch }: LedgerOptions,
): Ledger {
  // A commit costs as much as several rows in it, so it waits for some lanes, but not for long:
  // the rest keep the server busy meanwhile.
  const enough = Math.ceil(lanes * 0.5);
  let waiting: Request[] = [];
  let busy = false;
  let timer: NodeJS.Timeout | null = null;

  const commit = (batch: readonly Request[], outcomes: readonly Outcome[]) =>
    group.run(async transaction => {
      if (outcomes.length > 0) await recordOutcomes(transaction, workerId, outcomes);
      const limit = batch.filter(({ claims }) => claims).length;
      if (limit === 0) return [];
      const now = runtime.now();
      return claimDeliveries(transaction, { editionId, workerId, limit, now, only });
    });

  const serve = async (batch: readonly Request[]) => {
    try {
      const outcomes = batch.flatMap(({ outcome }) => outcome ?? []);
      const ready = watch?.decide(outcomes) ?? outcomes;
      const write = () => commit(batch, ready);
      const { result: claims, durable } = await writePatiently(runtime, write);
      const answer = () => {
        for (const { claims: wanted, resolve } of batch) {
          const claim = wanted ? (claims.shift() ?? null) : null;
          if (claim) watch?.began(claim);
          resolve(claim);
        }
      };
      const fail = (error: unknown) => {
        for (const { reject } of batch) reject(error);
      };
      durable.then(answer, fail);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  const flush = async () => {
    busy = true;
    timer = null;
    do {
      const batch = waiting;
      waiting = [];
      await serve(batch);
    } while (waiting.length >= enough);
    busy = false;
    if (waiting.length > 0) timer = setTimeout(flush, 1);
  };

  const request = (outcome: Outcome | null, claims: boolean) =>
    new Promise<DeliveryClaim | null>((resolve, reject) => {
      waiting.push({ outcome, claims, resolve, reject });
      // Lanes whose replies came in the same turn of the event loop share the transaction.
      if (busy) return;
      if (waiting.length < enough) {
        timer ??= setTimeout(flush, 1);
        return;
      }
      if (timer) clearTimeout(timer);
      busy = true;
      setImmediate(flush);
    });

  return {
    exchange: outcome => request(outcome, true),
    settle: async outcome => {
      await request(outcome, false);
    },
  };
}
