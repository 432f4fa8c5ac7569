import type { Edition } from '../edition/edition.ts';
import { messageOf } from '../errors.ts';
import type { Masthead, Rendered } from './rendered.ts';
import { createRenderer, type RenderOptions } from './renderer.ts';

/** What the parent asks for. */
export type RenderRequest = {
  readonly templates: string;
  readonly edition: Edition;
  readonly masthead: Masthead;
  readonly options: RenderOptions;
};

/** What it gets: the mail, or what is wrong with a template or paper. */
export type RenderAnswer =
  | { readonly ok: true; readonly rendered: Rendered }
  | { readonly ok: false; readonly problem: string };

async function answer({
  templates,
  edition,
  masthead,
  options,
}: RenderRequest): Promise<RenderAnswer> {
  try {
    const rendered = await createRenderer({ templates }).renderEdition(edition, masthead, options);
    return { ok: true, rendered };
  } catch (error) {
    return { ok: false, problem: messageOf(error) };
  }
}

// The script of the short-lived process: one request, one answer, and it ends.
process.once('message', async (request: RenderRequest) => {
  process.send?.(await answer(request), () => process.disconnect());
});
