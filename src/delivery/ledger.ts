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

/** The ledger of one edition for one worker. */
export function createLedger(
  db: Database,
  runtime: Runtime,
  { editionId, workerId }: { editionId: number; workerId: string },
): Ledger {
  let waiting: Request[] = [];
  let busy = false;

  const commit = (batch: readonly Request[]) =>
    db.transaction().execute(async transaction => {
      const outcomes = batch.flatMap(({ outcome }) => outcome ?? []);
      if (outcomes.length > 0) await recordOutcomes(transaction, workerId, outcomes);
      const limit = batch.filter(({ claims }) => claims).length;
      if (limit === 0) return [];
      const now = runtime.now();
      return claimDeliveries(transaction, { editionId, workerId, limit, now });
    });

  const flush = async () => {
    busy = true;
    while (waiting.length > 0) {
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
    }
    busy = false;
  };

  const request = (outcome: Outcome | null, claims: boolean) =>
    new Promise<Claim | null>((resolve, reject) => {
      waiting.push({ outcome, claims, resolve, reject });
      // Lanes whose replies came in the same turn of the event loop share the transaction.
      if (!busy) {
        busy = true;
        setImmediate(flush);
      }
    });

  return {
    exchange: outcome => request(outcome, true),
    settle: async outcome => {
      await request(outcome, false);
    },
  };
}
