import type { Hono, MiddlewareHandler, NotFoundHandler } from 'hono';
import { tokenLength } from '../../readers/token.ts';

/** No script at all, and everything else from here alone. */
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'";

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/**
 * The headers that keep readers safe: paths hold tokens, so none is told to other sites; no page
 * is stored, run, framed or sniffed. Who comes by https is told to stay there (RFC 6797 §6.1).
 * @param base PUBLIC_URL, or null.
 */
export function safeHeaders(base: string | null): Readonly<Record<string, string>> {
  return {
    ...always,
    ...(base?.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    'content-security-policy': policy,
    'cache-control': 'no-store',
  };
}

/**
 * Gives every answer these headers. A route may set a Content-Security-Policy (CSP 3) and a
 * Cache-Control of its own.
 */
export function securityHeaders(base: string | null): MiddlewareHandler {
  const all = Object.entries(safeHeaders(base));
  // Before the route, which then replaces what it knows better: headers of an answer that is there
  // already cost three times as much.
  return (context, next) => {
    for (const [name, value] of all) context.header(name, value);
    return next();
  };
}

/** The page that says why there is nothing to see. */
export type RefusalPage<Status extends number> = (status: Status) => string;

const maxTarget = 2000;

/**
 * Refuses addresses that no page of ours has: longer than 2,000 characters with the query (414,
 * RFC 9110 §15.5.15), with escapes that are no UTF-8, or with control characters in the path (400).
 */
export function refuseOddPaths(page: RefusalPage<400 | 414>): MiddlewareHandler {
  return async (context, next) => {
    const target = context.req.url.replace(/^\w+:\/\/[^/]*/, '');
    if (target.replace('?', '').length > maxTarget) return context.html(page(414), 414);
    if (!isReadable(context.req.path)) return context.html(page(400), 400);
    return next();
  };
}

function isReadable(path: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

/**
 * Answers what no route did: 404, or where the path is known by another method 405 with the
 * methods it has (RFC 9110 §15.5.6), or 204 with them for OPTIONS (§9.3.7). For `web.notFound()`.
 * HEAD goes where GET does.
 */
export function refuseOthers(web: Hono, page: RefusalPage<404 | 405>): NotFoundHandler {
  return context => {
    const { method, path } = context.req;
    const methods = methodsOf(web, path);
    if (methods.length === 0 || methods.includes(method)) return context.html(page(404), 404);
    const allow = [...methods, 'OPTIONS'].sort().join(', ');
    if (method === 'OPTIONS') return context.body(null, 204, { allow });
    return context.html(page(405), 405, { allow });
  };
}

/** The methods that a path has; none where no route knows it. */
function methodsOf(web: Hono, path: string): readonly string[] {
  // Middleware is there for every path and method, as `ALL`.
  const used = new Set(web.routes.map(route => route.method).filter(method => method !== 'ALL'));
  const methods = [...used].filter(method =>
    web.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

/** How long who posts something waits for a page, in ms: less than a connection may be silent. */
const patience = 15_000;

/**
 * Answers 503 with `page` where what was posted is not done in time: another program holds the
 * database, and many wait for it. It may still be done afterwards; all that is posted here may be
 * posted twice.
 */
export function inTime(page: () => string): MiddlewareHandler {
  return async (context, next) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>(resolve => {
      timer = setTimeout(resolve, patience, 'late');
    });
    const first = await Promise.race([next(), late]).finally(() => clearTimeout(timer));
    return first === 'late' ? context.html(page(), 503, tryAgain) : undefined;
  };
}

/** RFC 9110 §10.2.3, in seconds: mail programs that unsubscribe try again by themselves. */
export const tryAgain = { 'retry-after': '60' };

/** The pages whose address ends in a token: `/unsubscribe/TOKEN`. */
export const personalPages = 'unsubscribe preferences confirm undo why manage change'.split(' ');

/** What may stand before a token: escapes, `=3D` of quoted-printable, and no letter of its own. */
const link = new RegExp(
  `^/(${personalPages.join('|')})/(?:%(?:25)*[\\da-fA-F]{2}|=3[dD]|[^\\w-])*([\\w-]{${tokenLength}})(?![\\w-])(/[a-z]+$)?`,
);

/**
 * The path of a personal link without what mail programs add at its ends: a full stop, brackets,
 * quotes, `&amp;utm_source=…`, a slash. Only a token is looked for, and whether it is genuine is
 * for its page to say. A link to leave that holds none is `/unsubscribe`; other paths stay.
 */
export function withoutOrnaments(path: string): string {
  const [, page, token, act = ''] = link.exec(path) ?? [];
  if (page) return `/${page}/${token}${act}`;
  return path.startsWith('/unsubscribe/') ? '/unsubscribe' : path;
}
