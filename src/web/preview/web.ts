import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { parseAddress } from '../../lib/address.ts';
import { messageOf } from '../../lib/errors.ts';
import { loadTemplates } from '../../mail/render/templates.ts';
import { readChoice } from './choice.ts';
import { frameHtml, framePolicy } from './frames.ts';
import type { Live } from './live.ts';
import { type Said, viewPage } from './page-view.ts';
import type { Session } from './session.ts';

/** The program's own templates: the preview's page is not made with the editor's. */
type Bundled = { readonly bundled: string };

/** Our own script and styles, our own frames, and nothing else. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const files = [
  { path: '/style.css', file: 'pages/style.css', type: 'text/css' },
  { path: '/preview.css', file: 'preview/preview.css', type: 'text/css' },
  { path: '/preview.js', file: 'preview/preview.js', type: 'text/javascript' },
] as const;

/** The preview's pages, for one editor at this machine. */
export function createPreviewWeb(session: Session, live: Live, { bundled }: Bundled): Hono {
  const page = loadTemplates(bundled)('preview/page.hbs');
  const web = new Hono();
  const choiceOf = (context: Context) => {
    const query = context.req.query();
    return readChoice({ kind: session.source.kind, ...query });
  };
  const show = async (context: Context, said: Said | null = null, to = '') => {
    const choice = choiceOf(context);
    const shown = await session.show(choice);
    const around = { version: live.version(), said, to };
    return context.html(page(await viewPage(session, choice, shown, around)));
  };

  web.use(async (context, next) => {
    context.header('content-security-policy', policy);
    context.header('x-content-type-options', 'nosniff');
    // With `no-referrer` a form of our own would come from nowhere, too (`Origin: null`).
    context.header('referrer-policy', 'same-origin');
    context.header('cross-origin-resource-policy', 'same-origin');
    context.header('cache-control', 'no-store');
    if (isHere(context)) return next();
    return context.text('This preview is for the machine that it runs on.\n', 403);
  });
  for (const { path, file, type } of files) {
    web.get(path, context =>
      context.body(readFileSync(join(bundled, file), 'utf8'), 200, {
        'content-type': `${type}; charset=utf-8`,
      }),
    );
  }
  web.get('/favicon.ico', context => context.body(null, 204));
  web.get('/', context => show(context));
  web.get('/changes', () => live.stream());
  web.get('/mail', async context => {
    const choice = choiceOf(context);
    const { proof } = await session.show(choice);
    if (!proof) return context.text('There is nothing to see yet.\n', 404);
    return context.html(frameHtml(proof.html, choice.view), 200, {
      'content-security-policy': framePolicy(choice.view),
    });
  });
  web.post('/test', async context => {
    if (context.req.header('origin') !== new URL(context.req.url).origin) {
      return context.text('This form was sent from elsewhere.\n', 403);
    }
    const { to } = await context.req.parseBody();
    const text = typeof to === 'string' ? to.trim() : '';
    return show(context, await sendTest(session, choiceOf(context), text), text);
  });
  web.onError((error, context) => context.text(`${messageOf(error)}\n`, 500));
  return web;
}

/** A page elsewhere can have its own name lead to this machine; that name is not one of ours. */
function isHere(context: Context): boolean {
  const { hostname } = new URL(context.req.url);
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

async function sendTest(
  session: Session,
  choice: Parameters<Session['show']>[0],
  to: string,
): Promise<Said> {
  const failed = (text: string) => ({ text: `Not sent: ${text}`, failed: true });
  const address = parseAddress(to);
  if (!address.ok) return failed(`${address.problem}.`);
  const { proof, trouble } = await session.show(choice);
  if (!proof || trouble) return failed('mend first what is wrong.');
  try {
    const refused = await session.settings().sendTest(proof.rendered, address.value.address);
    return refused ? failed(refused) : { text: `A test was sent to ${to}.`, failed: false };
  } catch (error) {
    return failed(messageOf(error));
  }
}
