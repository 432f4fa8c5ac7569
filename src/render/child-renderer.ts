import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../errors.ts';
import type { RenderAnswer, RenderRequest } from './child.ts';
import type { Rendered } from './rendered.ts';
import type { Renderer } from './renderer.ts';

const script = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * Renders each edition in a process of its own that ends with it: MJML takes 75 MB once it is
 * loaded, and what delivers runs for hours. Throws an InputError as the renderer does.
 */
export function createChildRenderer({ templates }: { readonly templates: string }): Renderer {
  return {
    renderEdition: (edition, masthead, options = {}) =>
      renderInChild({ templates, edition, masthead, options }),
  };
}

function renderInChild(request: RenderRequest): Promise<Rendered> {
  return new Promise((resolve, reject) => {
    // "advanced" keeps every string as it is, lone surrogates too.
    const child = fork(script, { serialization: 'advanced', execArgv: [] });
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`rendering ended early (exit ${code})`)));
    child.once('message', (answer: RenderAnswer) => {
      if (answer.ok) resolve(answer.rendered);
      else reject(new InputError(answer.problem));
    });
    child.send(request);
  });
}
