import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edition } from '../edition/edition.ts';
import { extentAt } from './budget.ts';
import { loadTemplates } from './templates.ts';
import { editionViewer } from './view.ts';

/** An edition as a page of its own. `indexed`: search engines may list it. */
export type EditionPage = {
  readonly name: string;
  readonly edition: Edition;
  readonly indexed: boolean;
};

/** A page that says something, and may ask for one act, which is a POST to `path`. */
export type MessagePage = {
  readonly name: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly action: { readonly path: string; readonly label: string } | null;
};

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

/**
 * The pages that readers see, as HTML. They use `/style.css` and nothing else: no script and no
 * inline style, so `default-src 'none'; style-src 'self'; form-action 'self'` is policy enough
 * (with `frame-src 'self'` for a mail). Each throws a TemplateError at a fault in a template.
 */
export type Pages = {
  edition(page: EditionPage): string;
  message(page: MessagePage): string;
  notFound(name: string): string;
  inbox(page: InboxPage): string;
  mail(page: MailPage): string;
  /** What `/style.css` answers. */
  stylesheet(): string;
};

/** Makes pages with the templates in the folder `templates`, which are compiled once. */
export function createPages({ templates }: { readonly templates: string }): Pages {
  const template = loadTemplates(templates);
  const lay = (file: string, title: string, view: object, indexed = false) => {
    const body = template(`pages/${file}.hbs`)(view);
    return template('pages/layout.hbs')({ title, body, indexed });
  };
  const message = (page: MessagePage) => lay('message', `${page.title} · ${page.name}`, page);
  return {
    message,
    edition: ({ name, edition, indexed }) => {
      const whole = { picks: edition.picks.length, also: edition.also.length };
      const view = { name, ...editionViewer(edition)(extentAt(0, whole)) };
      return lay('edition', `${view.subject} · ${name}`, view, indexed);
    },
    notFound: name =>
      message({
        name,
        title: 'There is no such page',
        paragraphs: [
          'The address may be mistyped, or cut off where a mail program broke the line.',
        ],
        action: null,
      }),
    inbox: page => lay('inbox', `Inbox · ${page.name}`, page),
    mail: page => lay('mail', `${page.subject} · Inbox`, page),
    stylesheet: () => readFileSync(join(templates, 'pages/style.css'), 'utf8'),
  };
}
