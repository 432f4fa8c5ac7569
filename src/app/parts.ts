import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import type { Publishing } from '../delivery/publish.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Mailbox } from '../mail/message/headers.ts';
import type { Sender } from '../mail/message/wire-template.ts';
import type { Masthead } from '../mail/render/rendered.ts';
import type { List } from '../readers/list.ts';
import type { Database } from '../store/database.ts';
import type { LinkKey } from '../store/link-keys.ts';
import type { OneTimeKey } from '../web/desk/one-time-key.ts';

/** What all other objects are made of. */
export type Parts = {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly db: Database;
  /** A second handle, for reading while writes wait. */
  readonly reader: Database;
  readonly list: List;
  readonly linkKeys: readonly [LinkKey, ...LinkKey[]];
  readonly publishing: Publishing;
  /** The key of all suppression hashes. */
  readonly suppressionKey: Buffer;
  /** Opens the desk once, where there is no password. */
  readonly deskKey: OneTimeKey;
  /** The instant (UTC ms) that a person names. Throws an InputError. */
  readTime(text: string): number;
};

/** The package's own folder: `src/app/` and `dist/app/` are two levels below it. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The templates' folder: one's own, or the one that comes with the program. */
export function templatesOf({ templates }: Config): string {
  return templates ?? join(root, 'templates');
}

/** What every mail says about its sender. */
export function mastheadOf({ newsletterName, postalAddress, links }: Config): Masthead {
  return { name: newsletterName, postalAddress, links };
}

/** Stands for MAIL_FROM in previews, where none is set. */
const nobody: Mailbox = { name: null, address: 'papers@example.org' };

/** What every message's headers say about its sender. */
export function senderOf({ from, replyTo, newsletterName, links }: Config): Sender {
  return {
    from: from ?? nobody,
    replyTo,
    listName: newsletterName,
    unsubscribeBase: links.style === 'web' ? `${links.base}/unsubscribe/` : null,
  };
}
