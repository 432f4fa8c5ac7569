import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../lib/errors.ts';
import type { RenderAnswer, RenderRequest } from './child.ts';
import type { RenderedNotice } from './notices.ts';
import type { Rendered } from './rendered.ts';
import type { Renderer } from './renderer.ts';

const script = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * Renders each mail in a process of its own that ends with it: MJML takes 75 MB once it is loaded,
 * and what delivers runs for hours. Throws an InputError as the renderer does.
 */
export function createChildRenderer({ templates }: { readonly templates: string }): Renderer {
  return {
    renderEdition: (edition, masthead, options = {}) =>
      renderInChild<Rendered>({ templates, masthead, edition, options }),
    renderNotice: (purpose, masthead, about) =>
      renderInChild<RenderedNotice>({ templates, masthead, purpose, about }),
  };
}

function renderInChild<T extends Rendered | RenderedNotice>(request: RenderRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    // "advanced" keeps every string as it is, lone surrogates too.
    const child = fork(script, { serialization: 'advanced', execArgv: [] });
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`rendering ended early (exit ${code})`)));
    child.once('message', (answer: RenderAnswer) => {
      // The child answers what it was asked for.
      if (answer.ok) resolve(answer.rendered as T);
      else reject(new InputError(answer.problem));
    });
    child.send(request);
  });
}
