import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isDay } from '../day.ts';
import { messageOf } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { findEdition, findManualEdition, type StoredEdition } from '../store/editions.ts';
import { refuseOddPaths, refuseOthers, securityHeaders } from './headers.ts';
import { homePage } from './home.ts';
import { inboxPages } from './inbox.ts';
import { leavingPages } from './leaving.ts';
import { managePages } from './manage.ts';
import type { WebParts } from './parts.ts';
import { preferencesPages } from './preferences.ts';
import { signUpPages } from './sign-up.ts';

/** All that readers see, a file each. */
const parts = [homePage, signUpPages, leavingPages, preferencesPages, managePages];

export type Web = Hono;

/** All pages. Nothing here changes anything on GET. */
export function createWeb(given: WebParts): Web {
  const { pages, runtime, base, inbox } = given;
  const web = new Hono();
  web.use(securityHeaders({ https: base?.startsWith('https:') === true }));
  web.use(refuseOddPaths(() => pages.badRequest('There can be no such address here.')));
  const tooLarge = () => pages.badRequest('That is more than a form may hold.');
  web.use(bodyLimit({ maxSize: 16 * 1024, onError: context => context.html(tooLarge(), 413) }));
  web.notFound(
    refuseOthers(web, status =>
      status === 404
        ? pages.notFound()
        : pages.badRequest('This page is not for what was asked of it.'),
    ),
  );
  web.onError((error, context) => {
    runtime.log.error({ error: messageOf(error), path: context.req.routePath }, 'a page failed');
    return context.html(pages.failed(), 500);
  });
  web.get('/healthz', context => context.text('ok\n'));
  web.get('/style.css', context =>
    context.body(pages.stylesheet(), 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    }),
  );
  web.get('/privacy', context => context.html(pages.privacy()));
  web.get('/editions/:path', async context => {
    const edition = await findByPath(given.reader, context.req.param('path'));
    if (!edition) return context.notFound();
    const { content, public: indexed } = edition;
    return context.html(
      pages.edition({ edition: content, indexed, path: null, earlier: null, later: null }),
    );
  });
  for (const part of parts) web.route('/', part(given));
  if (inbox) web.route('/inbox', inboxPages(inbox, pages, given.name));
  return web;
}

async function findByPath(db: Database, path: string): Promise<StoredEdition | null> {
  if (isDay(path)) return findEdition(db, { kind: 'daily', date: path, key: '' });
  return /^[0-9a-f]{16}$/.test(path) ? findManualEdition(db, path) : null;
}
