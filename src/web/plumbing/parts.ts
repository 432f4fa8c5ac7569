import type { Runtime } from '../../lib/runtime.ts';
import type { Database } from '../../store/database.ts';
import type { LinkKey } from '../../store/settings.ts';
import type { TrustedProxies } from './client-address.ts';
import type { Pages, Site } from './pages.ts';

/** What the pages are made with. */
export type WebParts = {
  /** For what a POST changes. */
  readonly db: Database;
  /** For what a GET shows: no write keeps it waiting. */
  readonly reader: Database;
  readonly runtime: Runtime;
  readonly pages: Pages;
  readonly site: Site;
  readonly linkKeys: readonly [LinkKey, ...LinkKey[]];
  /** The key of all suppression hashes. */
  readonly suppressionKey: Buffer;
  /** An IANA name. */
  readonly timeZone: string;
  readonly proxies: TrustedProxies;
  /** Called where a notice may have been queued: somebody waits for it. */
  readonly onNotice: () => void;
  /** Called where a delivery may have been queued for one reader. */
  readonly onDelivery: () => void;
};
