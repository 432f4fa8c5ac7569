import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isDay } from '../day.ts';
import type { EditionPage, Pages } from '../render/pages.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../store/database.ts';
import {
  findEdition,
  findManualEdition,
  latestPublicEdition,
  type StoredEdition,
} from '../store/editions.ts';
import { leaveByToken } from '../subscribers/leave-link.ts';
import type { LinkKey } from '../subscribers/token.ts';
import type { Inbox } from '../transport/inbox.ts';
import { inboxPages } from './inbox.ts';

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
  readonly linkKeys: readonly LinkKey[];
  /** The demo's; null elsewhere. */
  readonly inbox: Inbox | null;
};

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'";

/** All pages that readers see. Nothing here changes anything on GET. */
export function createWeb(parts: WebParts): Hono {
  const { db, reader, runtime, pages, name } = parts;
  const web = new Hono();

  web.use(async (context, next) => {
    await next();
    const { headers } = context.res;
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', policy);
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  });
  const tooLarge = (context: Context) => context.text('That is too much.\n', 413);
  web.use(bodyLimit({ maxSize: 16 * 1024, onError: tooLarge }));
  web.notFound(context => context.html(pages.notFound(name), 404));
  web.onError((error, context) => {
    runtime.log.error({ error: error.message, path: context.req.routePath }, 'a page failed');
    const paragraphs = ['This is our fault, not yours. Please try again in a minute.'];
    return context.html(
      pages.message({ name, title: 'Something went wrong', paragraphs, action: null }),
      500,
    );
  });

  web.get('/healthz', context => context.text('ok\n'));
  web.get('/style.css', context =>
    context.body(pages.stylesheet(), 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    }),
  );
  web.get('/', async context => {
    const latest = await latestPublicEdition(reader);
    return context.html(latest ? pages.edition(editionPage(name, latest)) : noEdition(parts));
  });
  web.get('/editions/:path', async context => {
    const edition = await findByPath(reader, context.req.param('path'));
    return edition ? context.html(pages.edition(editionPage(name, edition))) : context.notFound();
  });
  // One answer for every token, known or not: it must not tell who is on the list.
  web.get('/unsubscribe/:token', context =>
    context.html(
      pages.message({
        name,
        title: 'Unsubscribe?',
        paragraphs: [`You will get no more mail from ${name}.`],
        action: { path: context.req.path, label: 'Unsubscribe' },
      }),
    ),
  );
  web.post('/unsubscribe/:token', async context => {
    await leaveByToken(db, parts.linkKeys, context.req.param('token'), runtime.now());
    const paragraphs = [`You will get no more mail from ${name}. Thank you for reading.`];
    return context.html(
      pages.message({ name, title: 'You are unsubscribed', paragraphs, action: null }),
    );
  });
  if (parts.inbox) web.route('/inbox', inboxPages(parts.inbox, pages, name));
  return web;
}

function editionPage(name: string, { content, public: listed }: StoredEdition): EditionPage {
  return { name, edition: content, indexed: listed };
}

/** `2025-09-03` is that day's daily edition; anything else the key of a manual one. */
async function findByPath(db: Database, path: string): Promise<StoredEdition | null> {
  if (isDay(path)) return findEdition(db, { kind: 'daily', date: path, key: '' });
  return /^[0-9a-f]{16}$/.test(path) ? findManualEdition(db, path) : null;
}

function noEdition({ pages, name }: WebParts): string {
  return pages.message({
    name,
    title: name,
    paragraphs: ['The first edition is still to come. Please look in again.'],
    action: null,
  });
}
