import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hono, MiddlewareHandler } from 'hono';
import { safeHeaders } from '../plumbing/middleware.ts';
import { filler } from '../plumbing/pages.ts';

/** Scripts and stylesheets of our own; frames for mails; nothing from elsewhere. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The headers of the desk's pages, and the preview's. `base`: PUBLIC_URL, or null. */
export function deskHeaders(base: string | null): readonly (readonly [string, string])[] {
  return Object.entries({
    ...safeHeaders(base),
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

/** The desk's pages, as HTML. A page's view is as its template in `templates/desk/` asks for it. */
export type DeskPages = ReturnType<typeof createDeskPages>;

/** Makes the desk's pages with the templates that come along; `name` is the newsletter's. */
export function createDeskPages({ templates, name }: { templates: string; name: string }) {
  const always = { site: { name }, signedIn: true, chooser: null, at: '', back: null };
  const page = filler(templates, 'desk', always);
  return {
    page,
    /** A part of a page, without what stands around it. */
    part: page,
    login: (view: { readonly byPassword: boolean; readonly problem: string | null }) =>
      page('login', { ...view, signedIn: false }),
    /** Says why something was not done. */
    problem: (problem: string) => page('problem', { problem }),
    /** What `/desk/desk.css` and so on answer. */
    file: (file: 'desk.css' | 'desk.js' | 'preview.js') =>
      readFileSync(join(templates, 'desk', file), 'utf8'),
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
