import type { Publishing } from '../../delivery/publish.ts';
import type { ConnectFailure, Connection } from '../../delivery/smtp.ts';
import type { LoadedDigest } from '../../digest/digest.ts';
import type { Day } from '../../lib/day.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { List } from '../../readers/list.ts';
import type { Database } from '../../store/database.ts';
import type { TrustedProxies } from '../plumbing/client-address.ts';
import type { OneTimeKey } from './one-time-key.ts';
import type { DeskPages } from './shell.ts';

/** What stands around the desk: what the command that serves it knows. */
export type DeskAround = {
  /** Reads what is named, else today's digest. Throws an InputError. */
  load(source: string | undefined, referenceDay: Day): Promise<LoadedDigest>;
  /** Connects for a test send. */
  connect(): Promise<Connection | ConnectFailure>;
  /** When the next daily edition is due, UTC ms; null where none is. */
  nextDaily(): Promise<number | null>;
  /** Aborted when the program ends: answers that go on end with it. */
  readonly signal: AbortSignal;
};

/** What the desk is made with. */
export type DeskParts = DeskAround & {
  readonly db: Database;
  /** For what is only shown. */
  readonly reader: Database;
  readonly runtime: Runtime;
  readonly publishing: Publishing;
  readonly list: List;
  readonly pages: DeskPages;
  /** Opens the desk where there is no password. */
  readonly key: OneTimeKey;
  /** Null where the desk answers this machine alone. */
  readonly password: string | null;
  /** The key of the hashes under which guesses are counted. */
  readonly hashKey: Buffer;
  /** PUBLIC_URL without a slash at its end; null where there is none. */
  readonly base: string | null;
  readonly proxies: TrustedProxies;
  /** An IANA name. */
  readonly timeZone: string;
  /** How many papers the picker takes. */
  readonly papers: number;
  /** Where tests go unless another address is typed. */
  readonly tester: string;
  /** The instant (UTC ms) that an editor named. Throws an InputError. */
  readTime(text: string): number;
  /** Called where a delivery may have been queued. */
  readonly onDelivery: () => void;
};
