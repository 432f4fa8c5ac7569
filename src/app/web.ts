import { join } from 'node:path';
import { createDeskPages } from '../mail/render/desk-pages.ts';
import type { Site } from '../mail/render/page-views.ts';
import { createPages } from '../mail/render/pages.ts';
import { describePromise } from '../schedule/describe.ts';
import { createDesk } from '../web/desk/desk.ts';
import type { DeskAround } from '../web/desk/parts.ts';
import { createWeb, type Web } from '../web/pages.ts';
import { trustedProxies } from '../web/plumbing/client-address.ts';
import type { WebParts } from '../web/plumbing/parts.ts';
import { startServer, type WebServer } from '../web/plumbing/server.ts';
import { type Parts, root, senderOf, templatesOf } from './parts.ts';

/** What stands around the pages: the demo's inbox, and who is told that something is to be sent. */
export type WebAround = Pick<WebParts, 'inbox' | 'onNotice' | 'onDelivery'> & {
  /** What the desk needs; without it there is none. */
  readonly desk?: DeskAround | null;
};

/** Serves the pages at HOST and PORT. */
export function startWeb(parts: Parts, around: WebAround): Promise<WebServer> {
  return startServer(webOf(parts, around), parts.config.host, parts.config.port);
}

/** All pages. */
export function webOf(parts: Parts, { desk, ...around }: WebAround): Web {
  const { config, db, reader, runtime, linkKeys, suppressionKey } = parts;
  return createWeb({
    ...around,
    desk: desk ? deskOf(parts, desk, around.onDelivery) : null,
    db,
    reader,
    runtime,
    pages: createPages({ templates: templatesOf(config), site: siteOf(parts) }),
    name: config.newsletterName,
    base: config.publicUrl,
    signUp: config.links.style === 'web',
    linkKeys,
    suppressionKey,
    timeZone: config.timeZone,
    proxies: trustedProxies(config.trustProxy),
  });
}

function deskOf(parts: Parts, around: DeskAround, onDelivery: () => void) {
  const { config, db, reader, runtime, publishing, list, deskKey, suppressionKey } = parts;
  return createDesk({
    ...around,
    key: deskKey,
    db,
    reader,
    runtime,
    publishing,
    list,
    onDelivery,
    // Its templates are no reader's: those of one's own need not have them.
    pages: createDeskPages({ templates: join(root, 'templates'), name: config.newsletterName }),
    password: config.deskPassword,
    hashKey: suppressionKey,
    base: config.publicUrl,
    proxies: trustedProxies(config.trustProxy),
    timeZone: config.timeZone,
    papers: config.papers,
    tester: (publishing.sender.replyTo ?? publishing.sender.from).address,
    readTime: parts.readTime,
  });
}

/** What every page says about this installation. */
function siteOf({ config, runtime }: Parts): Site {
  const { newsletterName: name, publicUrl: base, postalAddress: operator } = config;
  const { schedule, timeZone, papers, links } = config;
  const { from, replyTo } = senderOf(config);
  return {
    name,
    base,
    promise: describePromise({ schedule, timeZone, papers, now: runtime.now() }),
    operator,
    mailFrom: from.address,
    contact: (replyTo ?? from).address,
    signUp: links.style === 'web',
  };
}
