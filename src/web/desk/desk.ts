import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { InputError, messageOf } from '../../lib/errors.ts';
import { tellOfProxy } from '../plumbing/client-address.ts';
import { FormError } from '../plumbing/form.ts';
import { createAccess } from './access.ts';
import { calendarRoutes } from './calendar.ts';
import { draftRoutes } from './draft.ts';
import { editionRoutes } from './edition.ts';
import { homeRoutes } from './home.ts';
import type { DeskParts } from './parts.ts';
import { readerRoutes } from './readers.ts';
import { sendRoutes } from './send.ts';
import { createDeskPages, deskHeaders, serveFiles, withHeaders } from './shell.ts';

/** A file of 20 MB, and the form around it. */
const mostBytes = 20 * 1024 * 1024 + 64 * 1024;
const guessBytes = 16 * 1024;

const areas = [homeRoutes, draftRoutes, sendRoutes, calendarRoutes, editionRoutes, readerRoutes];

/** What the desk is made from. */
export type DeskSetup = Omit<DeskParts, Shared | 'pages'> & {
  /** The folder of its templates: those that come with the program. */
  readonly templates: string;
};

/** What it shares with the pages for readers. */
type Shared =
  | 'db'
  | 'reader'
  | 'runtime'
  | 'proxies'
  | 'hashKey'
  | 'base'
  | 'timeZone'
  | 'onDelivery';

/** The editor's desk, to be mounted at `/desk`. Nothing here changes anything on GET but signing in. */
export function createDesk(
  setup: DeskSetup & Pick<DeskParts, Shared> & { readonly name: string },
): Hono {
  const pages = createDeskPages(setup);
  const parts: DeskParts = { ...setup, pages };
  const { runtime, base } = parts;
  const desk = new Hono();
  const headers = deskHeaders(base);
  desk.use(withHeaders(headers));
  desk.onError((error, context) => {
    for (const [name, value] of headers) context.header(name, value);
    if (error instanceof InputError) {
      const status = error instanceof FormError ? error.status : 400;
      return answerProblem(parts, context, error.message, status);
    }
    const path = context.req.routePath;
    runtime.log.error({ error: messageOf(error), path }, 'a page of the desk failed');
    return answerProblem(parts, context, 'Something went wrong here; the log says what.', 500);
  });
  serveFiles(desk, '/', pages);
  const limitTo = (maxSize: number, problem: string) => {
    const limit = bodyLimit({
      maxSize,
      onError: context => answerProblem(parts, context, problem, 413),
    });
    const limited: MiddlewareHandler = (context, next) =>
      context.req.method === 'POST' ? limit(context, next) : next();
    return limited;
  };
  const access = createAccess(parts);
  desk.use(tellOfProxy(parts));
  desk.use(access.guard);
  // Anybody may send this one.
  desk.use('/login', limitTo(guessBytes, 'That is more than a password may be.'));
  desk.use(limitTo(mostBytes, 'That is more than 20 MB.'));
  desk.route('/', access.routes);
  for (const area of areas) desk.route('/', area(parts));
  return desk;
}

/** Says what was wrong: as a page, or to our script as JSON. */
function answerProblem(
  { pages }: DeskParts,
  context: Context,
  problem: string,
  status: FormError['status'] | 500,
): Response {
  if (context.req.header('accept') === 'application/json') return context.json({ problem }, status);
  return context.html(pages.problem(problem), status);
}
