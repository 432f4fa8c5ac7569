import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Hono, type MiddlewareHandler } from 'hono';
import { sendTest } from '../../delivery/preview.ts';
import type { LoadedDigest } from '../../digest/digest.ts';
import { messageOf } from '../../lib/errors.ts';
import { isAtHome, mayChange } from './access.ts';
import {
  choiceQuery,
  type PreviewAsked,
  type PreviewSettings,
  type PreviewSource,
  previewChoice,
  readChoice,
  viewChooser,
} from './choices.ts';
import { createLive, type Watched, watchFiles } from './live.ts';
import { previewRoutes } from './preview.ts';
import { createPreviewSession } from './preview-session.ts';
import { createDeskPages, deskHeaders, serveFiles, withHeaders } from './shell.ts';

/** What the preview's own web is made with. */
export type PreviewWebParts = PreviewAsked & {
  /** Reads the settings again. Throws a UsageError. */
  readonly readSettings: () => PreviewSettings;
  /** The program's own templates: its pages are not made with the editor's. */
  readonly bundled: string;
};

/** The page of an edition for one editor at this machine, which follows the files it is made of. */
export type PreviewWeb = {
  readonly web: Hono;
  /** Calls `onChange` after a template, the digest or the settings changed. */
  watch(onChange?: () => void): void;
  close(): void;
};

/** Begins a preview: reads nothing but the settings yet. Throws a UsageError for these. */
export function createPreviewWeb({ readSettings, bundled, ...asked }: PreviewWebParts): PreviewWeb {
  const { source } = asked;
  let settings = readSettings();
  let fault: unknown = null;
  const load = loadOnce(source);
  const { runtime } = settings;
  const live = createLive(runtime.random(6).toString('hex'));
  const session = createPreviewSession(runtime);
  const pages = createDeskPages({ templates: bundled, name: 'Preview' });

  const routes = previewRoutes({
    pages,
    path: '/',
    sandbox: 'measured',
    find: async context => {
      const choice = readChoice({ kind: source.kind, ...context.req.query() });
      const query = choiceQuery(choice);
      const shown = await session.show(JSON.stringify(query), live.version(), async () => {
        if (fault) throw fault;
        return previewChoice(
          settings,
          { ...asked, source: { ...source, load: load.digest } },
          choice,
        );
      });
      const { from } = settings.sender;
      return {
        shown: async () => shown,
        query,
        from: from.name ?? from.address,
        tester: '',
        page: {
          chooser: {
            ...(await viewChooser(source, choice, shown.preview?.edition)),
            view: context.req.query('view') ?? '',
          },
          version: live.version(),
        },
      };
    },
    test: (preview, address) => sendTest(settings, preview, address, settings.connect),
  });

  const web = new Hono();
  web.use(withHeaders(deskHeaders(null)));
  web.use(forThisMachine);
  serveFiles(web, '/desk/', pages);
  web.get('/style.css', context =>
    context.body(readFileSync(join(bundled, 'pages/style.css'), 'utf8'), 200, {
      'content-type': 'text/css; charset=utf-8',
    }),
  );
  web.get('/favicon.ico', context => context.body(null, 204));
  web.get('/changes', () => live.stream());
  web.route('/', routes);
  web.onError((error, context) => context.text(`${messageOf(error)}\n`, 500));

  const renew = () => {
    try {
      settings = readSettings();
      fault = null;
    } catch (error) {
      fault = error;
    }
  };
  const restart = () => {
    renew();
    load.forget();
  };
  let watching = { close() {} };
  return {
    web,
    watch: (onChange = () => {}) => {
      const digests = digestFiles(source).map(one => ({ ...one, change: load.forget }));
      const watched = () => [
        { folder: settings.templates, change: renew },
        { folder: '.', file: '.env', change: restart },
        ...digests,
      ];
      watching = watchFiles(watched, () => {
        live.changed();
        onChange();
      });
    },
    close: () => {
      watching.close();
      live.close();
    },
  };
}

/** A page elsewhere can have its own name lead to this machine, and a form of its own sent there. */
const forThisMachine: MiddlewareHandler = async (context, next) => {
  const headers = context.req.header();
  const peer: string = context.env?.incoming?.socket?.remoteAddress ?? '';
  if (!isAtHome({ peer, headers })) {
    return context.text('This preview is for the machine that it runs on.\n', 403);
  }
  if (context.req.method === 'POST' && !mayChange(headers, null)) {
    return context.text('This form was sent from elsewhere.\n', 403);
  }
  return next();
};

/** Loads each digest once, until all are forgotten. */
function loadOnce(source: PreviewSource) {
  const digests = new Map<string, Promise<LoadedDigest>>();
  return {
    digest: (wanted: Parameters<PreviewSource['load']>[0]) => {
      const key = JSON.stringify(wanted);
      const known = digests.get(key) ?? source.load(wanted);
      digests.set(key, known);
      // What failed may be there the next time.
      known.catch(() => digests.delete(key));
      return known;
    },
    forget: () => digests.clear(),
  };
}

function digestFiles({ files, folder }: PreviewSource): readonly Watched[] {
  const named = files.map(path => ({ folder: dirname(path), file: basename(path) }));
  return folder === null ? named : [{ folder }, ...named];
}
