import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getPath } from 'hono/utils/url';
import { messageOf } from '../lib/errors.ts';
import type { Site } from '../mail/render/page-views.ts';
import { createPages } from '../mail/render/pages.ts';
import type { Database } from '../store/database.ts';
import { stoppedEditions } from '../store/editions.ts';
import { mayPass } from '../store/sqlite.ts';
import { createDesk, type DeskSetup } from './desk/desk.ts';
import { inboxPages } from './inbox/pages.ts';
import { trustedProxies } from './plumbing/client-address.ts';
import { FormError } from './plumbing/form.ts';
import { refuseOddPaths, refuseOthers, safeHeaders, securityHeaders } from './plumbing/headers.ts';
import { inTime, tryAgain } from './plumbing/in-time.ts';
import type { WebParts } from './plumbing/parts.ts';
import { tellOfProxy } from './plumbing/proxy-hint.ts';
import { archiveRoutes } from './public/archive.ts';
import { homePage } from './public/home.ts';
import { leavingPages } from './public/leaving.ts';
import { managePages } from './public/manage.ts';
import { withoutOrnaments } from './public/personal-links.ts';
import { preferencesPages } from './public/preferences.ts';
import { signUpPages } from './public/sign-up.ts';

/** All that readers see, a file each. */
const parts = [archiveRoutes, signUpPages, leavingPages, preferencesPages, managePages];

export type Web = Hono;

/** What the pages are made from: plain values, which the settings gave. */
export type WebSetup = Omit<WebParts, 'pages' | 'proxies' | 'desk'> & {
  /** The folder of the templates. */
  readonly templates: string;
  readonly site: Site;
  /** The networks of the proxies whose word is taken, as TRUST_PROXY checked them. */
  readonly trustProxy: readonly string[];
  /** Null where no desk is served. */
  readonly desk: DeskSetup | null;
};

/** All pages. Nothing here changes anything on GET. */
export function createWeb({ templates, site, trustProxy, desk, ...shared }: WebSetup): Web {
  const proxies = trustedProxies(trustProxy);
  const pages = createPages({ templates, site });
  const given: WebParts = {
    ...shared,
    pages,
    proxies,
    desk: desk && createDesk({ ...shared, ...desk, proxies, hashKey: shared.suppressionKey }),
  };
  const { runtime, base, inbox } = given;
  const https = base?.startsWith('https:') === true;
  const web = new Hono({ getPath: request => withoutOrnaments(getPath(request)) });
  // First, so that nothing that others need is done for it: it is what most visitors ask for.
  web.route('/', homePage(given));
  // It has rules of its own: for scripts, and for the size of what is sent.
  if (given.desk) web.route('/desk', given.desk);
  web.use(securityHeaders({ https }));
  web.use(refuseOddPaths(() => pages.badRequest('There can be no such address here.')));
  const limit = bodyLimit({
    maxSize: 16 * 1024,
    onError: context => context.html(pages.badRequest('That is more than a form may hold.'), 413),
  });
  web.use(tellOfProxy(given));
  const soon = inTime(() => pages.failed());
  web.use((context, next) => (context.req.method === 'POST' ? soon(context, next) : next()));
  // Where there is no body it must not be looked for: that costs more than all else.
  web.use((context, next) => (context.req.method === 'POST' ? limit(context, next) : next()));
  web.notFound(
    refuseOthers(web, status =>
      status === 404
        ? pages.notFound()
        : pages.badRequest('This page is not for what was asked of it.'),
    ),
  );
  web.onError((error, context) => {
    for (const [name, value] of Object.entries(safeHeaders({ https }))) context.header(name, value);
    // The client went away, or broke its request off in the middle: no fault of ours.
    if ('code' in error && error.code === 'ECONNRESET') {
      return context.html(pages.badRequest('It did not arrive whole.'), 400);
    }
    if (error instanceof FormError) {
      return context.html(pages.badRequest(error.message), error.status);
    }
    runtime.log.error({ error: messageOf(error), path: context.req.routePath }, 'a page failed');
    if (!mayPass(error)) return context.html(pages.failed(), 500);
    return context.html(pages.failed(), 503, tryAgain);
  });
  web.get('/healthz', async context => context.text(await health(given.reader)));
  web.get('/style.css', context =>
    context.body(pages.stylesheet(), 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    }),
  );
  web.get('/privacy', context => context.html(pages.privacy()));
  for (const part of parts) web.route('/', part(given));
  if (inbox) web.route('/inbox', inboxPages(inbox, pages, given.name));
  return web;
}

/**
 * `ok`, or `degraded` and why editions do not go on, a line each. It is served with 200 all the same:
 * these pages work, and nothing that takes them away or starts the program anew would help.
 */
async function health(db: Database): Promise<string> {
  const lines = (await stoppedEditions(db)).map(({ id, reason, resumeAt }) => {
    const until = resumeAt === null ? '' : ` until ${new Date(resumeAt).toISOString()}`;
    return `edition ${id} is stopped${until}: ${reason}`;
  });
  return [lines.length > 0 ? 'degraded' : 'ok', ...lines, ''].join('\n');
}
