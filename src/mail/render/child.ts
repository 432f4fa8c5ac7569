import type { Edition } from '../../edition/edition.ts';
import { messageOf } from '../../lib/errors.ts';
import type { NoticeAbout, NoticePurpose, RenderedNotice } from './notices.ts';
import type { Masthead, Rendered } from './rendered.ts';
import { createRenderer, type RenderOptions } from './renderer.ts';

/** What the parent asks for: an edition, or a notice for a purpose. */
export type RenderRequest = { readonly templates: string; readonly masthead: Masthead } & (
  | { readonly edition: Edition; readonly options: RenderOptions }
  | { readonly purpose: NoticePurpose; readonly about?: NoticeAbout | undefined }
);

/** What it gets: the mail, or what is wrong with a template or paper. */
export type RenderAnswer =
  | { readonly ok: true; readonly rendered: Rendered | RenderedNotice }
  | { readonly ok: false; readonly problem: string };

async function answer(request: RenderRequest): Promise<RenderAnswer> {
  const { templates, masthead } = request;
  try {
    const renderer = createRenderer({ templates });
    const rendered =
      'purpose' in request
        ? await renderer.renderNotice(request.purpose, masthead, request.about)
        : await renderer.renderEdition(request.edition, masthead, request.options);
    return { ok: true, rendered };
  } catch (error) {
    return { ok: false, problem: messageOf(error) };
  }
}

// The script of the short-lived process: one request, one answer, and it ends.
process.once('message', async (request: RenderRequest) => {
  process.send?.(await answer(request), () => process.disconnect());
});
