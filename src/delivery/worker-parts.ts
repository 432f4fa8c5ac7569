import type { Runtime } from '../lib/runtime.ts';
import type { DkimKey } from '../mail/message/dkim.ts';
import type { Database } from '../store/database.ts';
import type { Outcome } from '../store/deliveries.ts';
import type { LinkKey } from '../store/settings.ts';
import type { LeaseTimes } from './lease.ts';
import type { ConnectFailure, Connection } from './smtp.ts';
import type { RateWindow } from './throttle.ts';

/** What a worker works with. */
export type WorkerParts = {
  readonly db: Database;
  readonly runtime: Runtime;
  readonly connect: () => Promise<Connection | ConnectFailure>;
  /** The envelope sender's address. */
  readonly from: string;
  readonly lanes: number;
  /** All of them hold at once; empty where there is no limit. */
  readonly sendRate?: readonly RateWindow[];
  readonly linkKeys: readonly LinkKey[];
  /** Null where messages are not signed. */
  readonly dkim?: DkimKey | null;
  readonly lease?: LeaseTimes;
  /** Who is mailed where an edition stops, and how an instant (UTC ms) reads; nobody if left out. */
  readonly operator?: {
    readonly address: string | null;
    readonly sayTime: (instant: number) => string;
  };
};

/** What a run of lanes is for. */
export type DeliverOptions = {
  /** Only these subscribers; everybody where left out. */
  readonly only?: readonly number[] | undefined;
  readonly onOutcome?: (outcome: Outcome) => void;
};
