import { fail, messageOf, pass } from '../../lib/errors.ts';
import { createRenderer, type RenderAnswer, type RenderRequest } from './renderer.ts';

// The script of the short-lived process: one request, one answer, and it ends.
process.once('message', async (request: RenderRequest) => {
  process.send?.(await answer(request), () => process.disconnect());
});

async function answer(request: RenderRequest): Promise<RenderAnswer> {
  try {
    const renderer = createRenderer(request);
    const rendered =
      'notice' in request
        ? await renderer.renderNotice(...request.notice)
        : await renderer.renderEdition(...request.edition);
    return pass(rendered);
  } catch (error) {
    return fail(messageOf(error));
  }
}
