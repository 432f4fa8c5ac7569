import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietHead, viewArchive, viewEdition, viewHome } from './edition-pages.ts';
import { viewFeed, xmlText } from './feed.ts';
import type * as views from './page-views.ts';
import { loadTemplates } from './templates.ts';

/** The demo's inbox, newest mail first. `time` is text; `path` leads to the mail's own page. */
export type InboxPage = {
  readonly name: string;
  readonly mails: readonly {
    readonly path: string;
    readonly from: string;
    readonly to: string;
    readonly subject: string;
    readonly time: string;
  }[];
};

/** One mail of the demo's inbox. The paths lead to its parts, which are served as they are. */
export type MailPage = {
  readonly subject: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly inboxPath: string;
  readonly htmlPath: string;
  readonly textPath: string;
  readonly sourcePath: string;
};

type Named = { readonly name?: string };

/** What the first routes say of an edition. */
export type EditionPage = Named &
  Pick<views.EditionPage, 'edition' | 'indexed'> &
  Partial<views.EditionPage>;

export type MessagePage = Named & views.MessagePage;

/** A page with one form; `path` is where it goes, by POST. */
export type ActPage = { readonly path: string };

/**
 * The pages that readers see, as HTML. They use `/style.css` and nothing else: no script and no
 * inline style, so `default-src 'none'; style-src 'self'; form-action 'self'` is policy enough
 * (with `frame-src 'self'` for a mail). Each throws a TemplateError at a fault in a template.
 */
export type Pages = {
  /** Has the form's `stamp` in it exactly once, where it is letters, digits, `-`, `_` and `.`. */
  home(page: views.HomePage): string;
  edition(page: EditionPage): string;
  archive(page: views.ArchivePage): string;
  /** The newest editions as an Atom feed (RFC 4287), whole. */
  feed(feed: views.Feed): string;

  signUp(form: views.SignUpForm): string;
  /** A mail is on its way; the same whether or not the address was known. */
  asked(): string;
  confirm(page: ActPage): string;
  confirmExpired(page: ActPage): string;
  /** `now`: the latest edition is being sent to the new reader. */
  confirmed(page: { readonly now: boolean }): string;

  leave(page: ActPage): string;
  left(page: views.LeftPage): string;
  /** After the answer to why one left. */
  thanks(): string;
  /** After the way back. */
  undone(): string;

  preferences(page: views.PreferencesPage): string;
  linkSent(): string;
  manage(page: views.ManagePage): string;
  forgotten(): string;
  /** A mail went to the new address. */
  changeAsked(): string;
  change(page: ActPage): string;
  changed(): string;
  /** A personal link that is not valid, or not any more. */
  linkOver(): string;

  privacy(): string;
  message(page: MessagePage): string;
  notFound(name?: string): string;
  tooMany(): string;
  /** `problem` is a sentence. */
  badRequest(problem: string): string;
  failed(): string;
  inbox(page: InboxPage): string;
  mail(page: MailPage): string;
  /** What `/style.css` answers. */
  stylesheet(): string;
};

/** Where nobody says more. */
const nowhere: views.Site = {
  name: 'Daily Papers',
  base: null,
  promise: '',
  operator: null,
  mailFrom: '',
  contact: '',
  signUp: false,
};

/** Makes pages of `site` with the templates in the folder `templates`, which are compiled once. */
export function createPages({
  templates,
  site = nowhere,
}: {
  readonly templates: string;
  readonly site?: views.Site;
}): Pages {
  const template = loadTemplates(templates);
  const fill = (file: string, view: object = {}, name = site.name) =>
    template(`pages/${file}.hbs`)({ ...quietHead, ...view, site: { ...site, name } });
  return {
    home: page => fill('home', viewHome(page, site)),
    edition: ({ name, ...page }) => {
      const whole = { path: null, earlier: null, later: null, ...page };
      return fill('edition', viewEdition(whole, site), name);
    },
    archive: page => fill('archive', viewArchive(page, site)),
    feed: feed => xmlText(fill('feed.xml', viewFeed(feed, template('partials/papers.hbs')))),

    signUp: form => fill('subscribe', { form: { ...form, weekly: form.frequency === 'weekly' } }),
    asked: () => fill('asked'),
    confirm: page => fill('confirm', page),
    confirmExpired: page => fill('confirm-expired', page),
    confirmed: page => fill('confirmed', page),

    leave: page => fill('leave', page),
    left: page => fill('left', page),
    thanks: () => fill('thanks'),
    undone: () => fill('undone'),

    preferences: page => fill('preferences', { ...page, weekly: page.frequency === 'weekly' }),
    linkSent: () => fill('link-sent'),
    manage: page => fill('manage', page),
    forgotten: () => fill('forgotten'),
    changeAsked: () => fill('change-asked'),
    change: page => fill('change', page),
    changed: () => fill('changed'),
    linkOver: () => fill('link-over'),

    privacy: () => fill('privacy'),
    message: page => fill('message', page, page.name),
    notFound: name => fill('not-found', {}, name),
    tooMany: () => fill('too-many'),
    badRequest: problem => fill('bad-request', { problem }),
    failed: () => fill('failed'),
    inbox: page => fill('inbox', page, page.name),
    mail: page => fill('mail', page),
    stylesheet: () => readFileSync(join(templates, 'pages/style.css'), 'utf8'),
  };
}
