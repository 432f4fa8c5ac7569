import { Hono } from 'hono';
import type { Pages } from '../plumbing/pages.ts';
import type { Inbox, InboxMail } from './mailbox.ts';

/**
 * A mail is shown as an untrusted page: no script, no form, nothing from elsewhere. What its links
 * open is a page like any other.
 */
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'";

/** The demo's inbox: the list, each mail, and its parts as they are. */
export function inboxRoutes(inbox: Inbox, pages: Pages): Hono {
  const web = new Hono();
  web.get('/', async context =>
    pages.show(context, 'inbox', { mails: (await inbox.list()).map(withPath) }),
  );
  web.get('/:name', async context => {
    const mail = await inbox.read(context.req.param('name'));
    return mail ? pages.show(context, 'mail', withPath(mail)) : context.notFound();
  });
  web.get('/:name/:part{html|text|source}', async context => {
    const { name, part } = context.req.param();
    const mail = await inbox.read(name);
    if (!mail) return context.notFound();
    if (part !== 'html') return context.text(part === 'text' ? mail.text : mail.source);
    const headers = { 'content-security-policy': mailPolicy };
    return context.html(linksOpenOutside(mail.html), 200, headers);
  });
  return web;
}

const withPath = (mail: InboxMail) => ({ ...mail, path: `/inbox/${mail.name}` });

/** As in mail programs: other sites don't let themselves be shown in the frame of a mail. */
function linksOpenOutside(html: string): string {
  return html.replace(/<head[^>]*>/i, '$&<base target="_blank">');
}
