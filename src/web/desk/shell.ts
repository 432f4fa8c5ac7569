import type { Hono, MiddlewareHandler } from 'hono';
import type { DeskPages } from '../../mail/render/desk-pages.ts';
import { safeHeaders } from '../plumbing/headers.ts';

/** Scripts and stylesheets of our own; frames for mails; nothing from elsewhere. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The headers of the desk's pages, and the preview's. `https`: whether editors come by it. */
export function deskHeaders(https: boolean): readonly (readonly [string, string])[] {
  return Object.entries({
    ...safeHeaders({ https }),
    'content-security-policy': policy,
    // Without a referrer browsers would not tell the origin either, by which changes are let in.
    'referrer-policy': 'same-origin',
  });
}

/** Gives every answer these headers; a route may set its own. */
export function withHeaders(headers: ReturnType<typeof deskHeaders>): MiddlewareHandler {
  return (context, next) => {
    for (const [name, value] of headers) context.header(name, value);
    return next();
  };
}

const types = { css: 'text/css', js: 'text/javascript' } as const;

/** Serves the scripts and the stylesheet, to be mounted below `path`, which ends with a slash. */
export function serveFiles(web: Hono, path: string, pages: DeskPages): void {
  for (const name of ['desk.css', 'desk.js', 'preview.js'] as const) {
    const type = types[name.endsWith('.css') ? 'css' : 'js'];
    web.get(`${path}${name}`, context =>
      context.body(pages.file(name), 200, {
        'content-type': `${type}; charset=utf-8`,
        'cache-control': 'no-cache',
      }),
    );
  }
}
