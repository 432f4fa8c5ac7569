import { type Context, Hono } from 'hono';
import type { Preview } from '../../delivery/preview.ts';
import { messageOf } from '../../lib/errors.ts';
import { readAddress } from '../../readers/list.ts';
import { readFields } from '../plumbing/form.ts';
import { frameHtml, framePolicy, readView, type Sandbox } from './frames.ts';
import type { Shown } from './preview-session.ts';
import { type ViewedMail, viewPreview } from './preview-view.ts';
import type { DeskPages } from './shell.ts';

/** One edition that is looked at, wherever it comes from. */
export type PreviewSubject = Pick<ViewedMail, 'query' | 'from'> & {
  shown(): Promise<Shown>;
  /** Where tests go unless another address is typed. */
  readonly tester: string;
  /** What the page around it needs. */
  readonly page: object;
};

/** How previews are served. */
export type PreviewRoutes = {
  readonly pages: DeskPages;
  /** The page's own path; the mail and the test are beside it, at `mail` and `test`. */
  readonly path: '/' | '/preview';
  readonly sandbox: Sandbox;
  /** What a request is for; null where there is no such edition. */
  find(context: Context): Promise<PreviewSubject | null>;
  /** Sends a test. @returns null, or why it was not sent. Throws where settings lack. */
  test(preview: Preview, address: string): Promise<string | null>;
};

/** What became of a test that was asked for; `failed`: it was not sent. */
type Said = { readonly text: string; readonly failed: boolean };

/** The page of an edition: its rows in inboxes, the mail in a frame, the checks; and a test of it. */
export function previewRoutes({ pages, path, sandbox, find, test }: PreviewRoutes): Hono {
  const web = new Hono();
  const show = async (context: Context, subject: PreviewSubject, said: Said | null, to: string) => {
    const base = context.req.path.replace(/[^/]*$/, '');
    const viewed = { ...subject, base, sandbox, view: readView(context.req.query('view')) };
    const shown = viewPreview(viewed, await subject.shown());
    const fresh = `${base}${path.slice(1)}`;
    const tester = to || subject.tester;
    return context.html(pages.page('preview', { ...shown, ...subject.page, fresh, said, tester }));
  };

  web.get(path, async context => {
    const subject = await find(context);
    return subject ? show(context, subject, null, '') : context.notFound();
  });
  web.get('/mail', async context => {
    const subject = await find(context);
    if (!subject) return context.notFound();
    const { preview, trouble } = await subject.shown();
    const view = readView(context.req.query('view'));
    context.header('content-security-policy', framePolicy(view, sandbox));
    if (!preview) return context.text(`${trouble?.what}\n`, 404);
    return context.html(frameHtml(preview.html, view, context.req.query('to')));
  });
  web.post('/test', async context => {
    const subject = await find(context);
    if (!subject) return context.notFound();
    const { address: to = '' } = (await readFields(context.req.raw)).texts;
    const said = await sendTo(subject, to);
    if (context.req.header('accept') !== 'application/json')
      return show(context, subject, said, to);
    return said.failed
      ? context.json({ problem: said.text }, 400)
      : context.json({ done: said.text });
  });

  async function sendTo(subject: PreviewSubject, to: string): Promise<Said> {
    try {
      const { address } = readAddress(to);
      const { preview, trouble } = await subject.shown();
      if (!preview || trouble) return notSent('mend first what is wrong.');
      const refused = await test(preview, address);
      return refused ? notSent(refused) : { text: `A test was sent to ${address}.`, failed: false };
    } catch (error) {
      return notSent(messageOf(error));
    }
  }
  return web;
}

function notSent(why: string): Said {
  return { text: `Not sent: ${why}`, failed: true };
}
