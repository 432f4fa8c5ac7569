import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getPath } from 'hono/utils/url';
import { codeOf, messageOf } from '../lib/errors.ts';
import type { Database } from '../store/database.ts';
import { stoppedEditions } from '../store/editions.ts';
import { mayPass } from '../store/sqlite.ts';
import { createDesk, type DeskSetup } from './desk/desk.ts';
import type { Inbox } from './inbox/mailbox.ts';
import { inboxRoutes } from './inbox/routes.ts';
import { tellOfProxy, trustedProxies } from './plumbing/client-address.ts';
import { FormError } from './plumbing/form.ts';
import {
  inTime,
  refuseOddPaths,
  refuseOthers,
  safeHeaders,
  securityHeaders,
  tryAgain,
  withoutOrnaments,
} from './plumbing/middleware.ts';
import { caching } from './plumbing/page-cache.ts';
import type { WebParts } from './plumbing/pages.ts';
import { createPages } from './plumbing/pages.ts';
import { archiveRoutes } from './public/archive.ts';
import { editionRoutes } from './public/edition.ts';
import { homeRoutes } from './public/home.ts';
import { leavingRoutes } from './public/leaving.ts';
import { manageRoutes } from './public/manage.ts';
import { preferencesRoutes } from './public/preferences.ts';
import { signUpRoutes } from './public/sign-up.ts';

/** All that readers see beside the first page, a file each. */
const areas = [
  archiveRoutes,
  editionRoutes,
  signUpRoutes,
  leavingRoutes,
  preferencesRoutes,
  manageRoutes,
];

export type Web = Hono;

/** What the pages are made from: plain values, which the settings gave. */
export type WebSetup = Omit<WebParts, 'pages' | 'proxies'> & {
  /** The folder of the templates. */
  readonly templates: string;
  /** The networks of the proxies whose word is taken, as TRUST_PROXY checked them. */
  readonly trustProxy: readonly string[];
  /** Null where no desk is served. */
  readonly desk: DeskSetup | null;
  /** The demo's; null elsewhere. */
  readonly inbox: Inbox | null;
};

/** All pages. Nothing here changes anything on GET. */
export function createWeb({ templates, trustProxy, desk, inbox, ...shared }: WebSetup): Web {
  const { runtime, site, suppressionKey: hashKey } = shared;
  const proxies = trustedProxies(trustProxy);
  const pages = createPages(templates, site);
  const parts: WebParts = { ...shared, pages, proxies };
  const refusal = (problem: string) => pages.fill('bad-request', { problem });

  const web = new Hono({ getPath: request => withoutOrnaments(getPath(request)) });
  // First, so that nothing that others need is done for it: it is what most visitors ask for.
  web.route('/', homeRoutes(parts));
  // It has rules of its own: for scripts, and for the size of what is sent.
  if (desk) web.route('/desk', createDesk({ ...shared, ...site, ...desk, proxies, hashKey }));
  web.use(securityHeaders(site.base));
  web.use(refuseOddPaths(() => refusal('There can be no such address here.')));
  web.use(tellOfProxy(parts));
  web.use(ofPosts(inTime(() => pages.fill('failed'))));
  const limit = bodyLimit({
    maxSize: 16 * 1024,
    onError: context => context.html(refusal('That is more than a form may hold.'), 413),
  });
  web.use(ofPosts(limit));
  web.notFound(
    refuseOthers(web, status =>
      status === 404
        ? pages.fill('not-found')
        : refusal('This page is not for what was asked of it.'),
    ),
  );
  web.onError((error, context) => {
    for (const [name, value] of Object.entries(safeHeaders(site.base))) context.header(name, value);
    if (error instanceof FormError) return context.html(refusal(error.message), error.status);
    // The client went away, or broke its request off in the middle: no fault of ours.
    if (codeOf(error) === 'ECONNRESET') {
      return context.html(refusal('It did not arrive whole.'), 400);
    }
    runtime.log.error({ error: messageOf(error), path: context.req.routePath }, 'a page failed');
    if (!mayPass(error)) return pages.show(context, 'failed');
    return context.html(pages.fill('failed'), 503, tryAgain);
  });
  web.get('/healthz', async context => context.text(await health(parts.reader)));
  web.get('/style.css', context =>
    context.body(pages.stylesheet(), 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': caching.hour,
    }),
  );
  web.get('/privacy', context => pages.show(context, 'privacy'));
  for (const routes of areas) web.route('/', routes(parts));
  if (inbox) web.route('/inbox', inboxRoutes(inbox, pages));
  return web;
}

/** Where there is no body it must not be looked for: that costs more than all else. */
function ofPosts(middleware: MiddlewareHandler): MiddlewareHandler {
  return (context, next) => (context.req.method === 'POST' ? middleware(context, next) : next());
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
