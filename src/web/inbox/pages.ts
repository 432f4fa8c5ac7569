import { Hono } from 'hono';
import type { Pages } from '../../mail/render/pages.ts';
import type { Inbox, InboxMailContent } from './mailbox.ts';

/**
 * A mail is shown as an untrusted page: no script, no form, nothing from elsewhere. What its links
 * open is a page like any other.
 */
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'";

/** The demo's inbox: the list, each mail, and its parts as they are. */
export function inboxPages(inbox: Inbox, pages: Pages, name: string): Hono {
  const web = new Hono();
  web.get('/', async context => {
    const mails = (await inbox.list()).map(mail => ({
      path: `/inbox/${mail.name}`,
      from: mail.from,
      to: mail.to,
      subject: mail.subject,
      time: mail.date,
    }));
    return context.html(pages.inbox({ name, mails }));
  });
  web.get('/:name', async context => {
    const mail = await inbox.read(context.req.param('name'));
    return mail ? context.html(pages.mail(mailPage(mail))) : context.notFound();
  });
  web.get('/:name/html', async context => {
    const mail = await inbox.read(context.req.param('name'));
    if (!mail) return context.notFound();
    return context.html(linksOpenOutside(mail.html), 200, {
      'content-security-policy': mailPolicy,
    });
  });
  web.get('/:name/:part{text|source}', async context => {
    const mail = await inbox.read(context.req.param('name'));
    if (!mail) return context.notFound();
    return context.text(context.req.param('part') === 'text' ? mail.text : mail.source);
  });
  return web;
}

/** As in mail programs: other sites don't let themselves be shown in the frame of a mail. */
function linksOpenOutside(html: string): string {
  return html.replace(/<head[^>]*>/i, '$&<base target="_blank">');
}

function mailPage(mail: InboxMailContent) {
  const path = `/inbox/${mail.name}`;
  return {
    subject: mail.subject,
    headers: [
      { name: 'From', value: mail.from },
      { name: 'To', value: mail.to },
      { name: 'Date', value: mail.date },
    ],
    inboxPath: '/inbox',
    htmlPath: `${path}/html`,
    textPath: `${path}/text`,
    sourcePath: `${path}/source`,
  };
}
