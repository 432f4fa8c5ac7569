import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Runtime } from '../../lib/runtime.ts';
import { loadTemplates } from '../../mail/render/templates.ts';
import type { Database } from '../../store/database.ts';
import type { LinkKey } from '../../store/settings.ts';
import type { TrustedProxies } from './client-address.ts';

/** What every page knows of this installation. */
export type Site = {
  /** The newsletter's name, `Daily Papers`. */
  readonly name: string;
  /** PUBLIC_URL without a slash at its end; null where there is none, and no absolute links. */
  readonly base: string | null;
  /** What one subscribes to: `weekdays about 08:00 CET, ten papers, one click to leave`. */
  readonly promise: string;
  /** Who runs it, a postal address in one line; null only in the demo. */
  readonly operator: string | null;
  /** The address that mails come from. */
  readonly mailFrom: string;
  /** The address that answers go to. */
  readonly contact: string;
  /** Whether one can subscribe here: mails must be able to link back. */
  readonly signUp: boolean;
};

/**
 * What the layout is told beside the title, unless a page says otherwise: search engines do not list
 * it, it is not the first page, and it has no description and no one absolute address.
 */
const quietHead = { indexed: false, front: false, description: null, canonical: null };

/** The status of a page that says why something is not to be had; of all others it is 200. */
const statuses: Readonly<Record<string, ContentfulStatusCode>> = {
  'bad-request': 400,
  'link-broken': 400,
  'link-over': 404,
  'not-found': 404,
  'confirm-expired': 410,
  'too-many': 429,
  failed: 500,
};

/** What a page is told. `problem`: why what was posted cannot be done, a sentence. */
type PageView = { readonly problem?: string | null; readonly [name: string]: unknown };

/**
 * The pages that readers see, each by the name of its template in `templates/pages/`, which says
 * what it has to be told. They use `/style.css` and nothing else: no script and no inline style, so
 * `default-src 'none'; style-src 'self'; form-action 'self'` is policy enough (with `frame-src
 * 'self'` for a mail). Throws a TemplateError for a name or a value that is not there.
 */
export type Pages = {
  /** The page as text. */
  fill(name: string, view?: PageView): string;
  /** Answers with the page under its status; 422 where there is a problem. */
  show(context: Context, name: string, view?: PageView): Response;
  /** What `/style.css` answers. */
  stylesheet(): string;
};

/** Makes pages of `site` with the templates in the folder `templates`. */
export function createPages(templates: string, site: Site): Pages {
  const fill = filler(templates, 'pages', { ...quietHead, site });
  return {
    fill,
    show: (context, name, view) =>
      context.html(fill(name, view), statuses[name] ?? (view?.problem ? 422 : 200)),
    stylesheet: () => readFileSync(join(templates, 'pages/style.css'), 'utf8'),
  };
}

/**
 * Fills the templates in a folder of `templates`, which are compiled once. `always` is what all of
 * them are told. Throws a TemplateError.
 */
export function filler(templates: string, folder: string, always: object) {
  const template = loadTemplates(templates);
  return (name: string, view: object = {}) =>
    template(`${folder}/${name}.hbs`)({ ...always, ...view });
}

/** What answers with pages is made with. */
export type WebParts = {
  /** For what a POST changes. */
  readonly db: Database;
  /** For what a GET shows: no write keeps it waiting. */
  readonly reader: Database;
  readonly runtime: Runtime;
  readonly pages: Pages;
  readonly site: Site;
  readonly linkKeys: readonly [LinkKey, ...LinkKey[]];
  /** The key of all suppression hashes. */
  readonly suppressionKey: Buffer;
  /** An IANA name. */
  readonly timeZone: string;
  readonly proxies: TrustedProxies;
  /** Called where a notice may have been queued: somebody waits for it. */
  readonly onNotice: () => void;
  /** Called where a delivery may have been queued for one reader. */
  readonly onDelivery: () => void;
};
