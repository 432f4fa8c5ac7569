import { createHmac } from 'node:crypto';
import { type NoticePurpose, noticeLinks } from '../lib/notice.ts';
import { fillSigned } from '../mail/message/dkim.ts';
import { buildNoticeTemplate } from '../mail/message/wire-template.ts';
import type { RenderedNotice } from '../mail/render/notices.ts';
import { makeToken } from '../readers/token.ts';
import type { NoticeClaim } from '../store/notices.ts';
import type { Publishing } from './publish.ts';

/** Makes the mail of a notice, as segments of the wire form. */
export type MakeNotice = (claim: NoticeClaim) => Promise<Buffer[]>;

/** Makes notices; those that are the same for everybody are rendered once, when the first is due. */
export function createNoticeMaker(publishing: Publishing): MakeNotice {
  const { renderer, masthead, sender, dkim, linkKey, runtime } = publishing;
  const rendered = new Map<NoticePurpose, Promise<RenderedNotice>>();
  const render = ({ purpose, about }: NoticeClaim): Promise<RenderedNotice> => {
    // Those about a day name no edition.
    if (about) return renderer.renderNotice(purpose, masthead, { edition: '', ...about });
    const known = rendered.get(purpose);
    if (known) return known;
    const fresh = renderer.renderNotice(purpose, masthead);
    rendered.set(purpose, fresh);
    // A template that was mended is tried again.
    fresh.catch(() => rendered.delete(purpose));
    return fresh;
  };
  return async claim => {
    const { subject, html, text, mark } = await render(claim);
    const { address, createdAt } = claim;
    const link = noticeLinks[claim.purpose];
    const fill = (words: string) =>
      link ? words.replaceAll(mark, makeToken(linkKey, link, ...numbersOf(claim))) : words;
    const content = { subject, html: fill(html), text: fill(text) };
    const wire = buildNoticeTemplate(content, sender, {
      sendAt: createdAt,
      id: messageId(linkKey.key, claim),
    });
    return fillSigned(
      wire,
      { address, reader: '', unsubscribe: '', preferences: '' },
      dkim,
      runtime.now,
    );
  };
}

/** What the token in a notice says beside its purpose. */
function numbersOf({ purpose, id, changeId, subscriberId, tokenCounter }: NoticeClaim) {
  if (changeId !== null) return [changeId, 0] as const;
  return [purpose === 'manage' ? id : subscriberId, tokenCounter] as const;
}

/** The same at each try, and nobody can tell from one what the next will be. */
function messageId(key: Buffer, { id, createdAt }: NoticeClaim): string {
  const hash = createHmac('sha256', key).update(`notice ${id} ${createdAt}`).digest('hex');
  return `${hash.slice(0, 20)}.n${id}`;
}
