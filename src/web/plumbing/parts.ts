import type { Hono } from 'hono';
import type { Runtime } from '../../lib/runtime.ts';
import type { Pages } from '../../mail/render/pages.ts';
import type { LinkKey } from '../../readers/token.ts';
import type { Database } from '../../store/database.ts';
import type { Inbox } from '../inbox/mailbox.ts';
import type { TrustedProxies } from './client-address.ts';

/** What the pages are made with. */
export type WebParts = {
  /** For what a POST changes. */
  readonly db: Database;
  /** For what a GET shows: no write keeps it waiting. */
  readonly reader: Database;
  readonly runtime: Runtime;
  readonly pages: Pages;
  /** The newsletter's name. */
  readonly name: string;
  /** PUBLIC_URL without a slash at its end; null where there is none. */
  readonly base: string | null;
  /** Whether one can subscribe here: mails must be able to link back. */
  readonly signUp: boolean;
  readonly linkKeys: readonly [LinkKey, ...LinkKey[]];
  /** The key of all suppression hashes. */
  readonly suppressionKey: Buffer;
  /** An IANA name. */
  readonly timeZone: string;
  readonly proxies: TrustedProxies;
  /** What is served at `/desk`; null where nothing is. */
  readonly desk: Hono | null;
  /** The demo's; null elsewhere. */
  readonly inbox: Inbox | null;
  /** Called where a notice may have been queued: somebody waits for it. */
  readonly onNotice: () => void;
  /** Called where a delivery may have been queued for one reader. */
  readonly onDelivery: () => void;
};
