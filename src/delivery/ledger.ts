import type { Runtime } from '../runtime.ts';
import type { Database } from '../store/database.ts';
import { type Claim, claimDeliveries, type Outcome, recordOutcomes } from '../store/deliveries.ts';

/** The lanes' way to the ledger. */
export type Ledger = {
  /**
   * Records a lane's last outcome (null at its start) and claims its next delivery. Resolves once
   * the outcome is durable; null where nothing is due. The outcomes and claims of all lanes that
   * ask meanwhile go in one transaction.
   */
  exchange(outcome: Outcome | null): Promise<Claim | null>;
  /** Records a lane's last outcome without claiming another. */
  settle(outcome: Outcome): Promise<void>;
};

type Request = {
  readonly outcome: Outcome | null;
  readonly claims: boolean;
  readonly resolve: (claim: Claim | null) => void;
  readonly reject: (error: unknown) => void;
};

/** Whose ledger it is; `only`: nobody but these subscribers is claimed. */
export type LedgerOptions = {
  readonly editionId: number;
  readonly workerId: string;
  readonly lanes: number;
  readonly only?: readonly number[] | undefined;
};

/** The ledger of one edition for one worker. */
export function createLedger(
  db: Database,
  runtime: Runtime,
  { editionId, workerId, lanes, only }: LedgerOptions,
): Ledger {
  // A commit costs as much as ten rows in it, so it waits for most of the lanes, but not for long:
  // the rest keep the server busy meanwhile.
  const enough = Math.ceil(lanes * 0.7);
  let waiting: Request[] = [];
  let busy = false;
  let timer: NodeJS.Timeout | null = null;

  const commit = (batch: readonly Request[]) =>
    db.transaction().execute(async transaction => {
      const outcomes = batch.flatMap(({ outcome }) => outcome ?? []);
      if (outcomes.length > 0) await recordOutcomes(transaction, workerId, outcomes);
      const limit = batch.filter(({ claims }) => claims).length;
      if (limit === 0) return [];
      const now = runtime.now();
      return claimDeliveries(transaction, { editionId, workerId, limit, now, only });
    });

  const flush = async () => {
    busy = true;
    timer = null;
    do {
      const batch = waiting;
      waiting = [];
      try {
        const claims = await commit(batch);
        for (const { claims: wanted, resolve } of batch) {
          resolve(wanted ? (claims.shift() ?? null) : null);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    } while (waiting.length >= enough);
    busy = false;
    if (waiting.length > 0) timer = setTimeout(flush, 1);
  };

  const request = (outcome: Outcome | null, claims: boolean) =>
    new Promise<Claim | null>((resolve, reject) => {
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
