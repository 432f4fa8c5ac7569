import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietHead, viewArchive, viewEdition, viewHome } from './edition-pages.ts';
import { viewFeed, xmlText } from './feed.ts';
import type * as views from './page-views.ts';
import { loadTemplates } from './templates.ts';

/**
 * The pages that readers see, as HTML. They use `/style.css` and nothing else: no script and no
 * inline style, so `default-src 'none'; style-src 'self'; form-action 'self'` is policy enough
 * (with `frame-src 'self'` for a mail). Each throws a TemplateError at a fault in a template.
 */
export type Pages = {
  /** Has the form's `stamp` in it exactly once, where it is letters, digits, `-`, `_` and `.`. */
  home(page: views.HomePage): string;
  edition(page: views.EditionPage): string;
  archive(page: views.ArchivePage): string;
  /** The newest editions as an Atom feed (RFC 4287), whole. */
  feed(feed: views.Feed): string;

  signUp(form: views.SignUpForm): string;
  /** A mail is on its way; the same whether or not the address was known. */
  asked(): string;
  confirm(page: views.ActPage): string;
  confirmExpired(page: views.ActPage): string;
  /** `now`: the latest edition is being sent to the new reader. */
  confirmed(page: { readonly now: boolean }): string;

  leave(page: views.ActPage): string;
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
  change(page: views.ActPage): string;
  changed(): string;
  /** A personal link that is not valid, or not any more. */
  linkOver(): string;
  /** A link to leave that is damaged: it unsubscribes nobody. Says how to leave without it. */
  linkBroken(): string;

  privacy(): string;
  message(page: views.MessagePage): string;
  notFound(): string;
  tooMany(): string;
  /** `problem` is a sentence. */
  badRequest(problem: string): string;
  failed(): string;
  inbox(page: views.InboxPage): string;
  mail(page: views.MailPage): string;
  /** What `/style.css` answers. */
  stylesheet(): string;
};

/** Makes pages of `site` with the templates in the folder `templates`, which are compiled once. */
export function createPages({
  templates,
  site,
}: {
  readonly templates: string;
  readonly site: views.Site;
}): Pages {
  const template = loadTemplates(templates);
  const fill = (file: string, view: object = {}) =>
    template(`pages/${file}.hbs`)({ ...quietHead, ...view, site });
  return {
    home: page => fill('home', viewHome(page, site)),
    edition: page => fill('edition', viewEdition(page, site)),
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
    linkBroken: () => fill('link-broken'),

    privacy: () => fill('privacy'),
    message: page => fill('message', page),
    notFound: () => fill('not-found'),
    tooMany: () => fill('too-many'),
    badRequest: problem => fill('bad-request', { problem }),
    failed: () => fill('failed'),
    inbox: page => fill('inbox', page),
    mail: page => fill('mail', page),
    stylesheet: () => readFileSync(join(templates, 'pages/style.css'), 'utf8'),
  };
}
