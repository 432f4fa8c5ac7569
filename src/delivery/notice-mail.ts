import { createHmac } from 'node:crypto';
import { fillSigned } from '../message/dkim.ts';
import { buildNoticeTemplate } from '../message/wire-template.ts';
import type { RenderedNotice } from '../render/notices.ts';
import type { NoticeClaim } from '../store/notices.ts';
import type { NoticePurpose } from '../store/schema.ts';
import { makeToken, type Purpose } from '../subscribers/token.ts';
import type { Publishing } from './publish.ts';

/** What the link in a notice allows. */
const linkOf: Readonly<Record<NoticePurpose, Purpose>> = {
  confirm: 'confirm',
  welcome: 'preferences',
  already: 'preferences',
  manage: 'manage',
  change: 'change',
};

/** Makes the mail of a notice, as segments of the wire form. */
export type MakeNotice = (claim: NoticeClaim) => Promise<Buffer[]>;

/** Makes notices; each purpose is rendered once, when the first is due. */
export function createNoticeMaker(publishing: Publishing): MakeNotice {
  const { renderer, masthead, sender, dkim, linkKey, runtime } = publishing;
  const rendered = new Map<NoticePurpose, Promise<RenderedNotice>>();
  const render = (purpose: NoticePurpose): Promise<RenderedNotice> => {
    const known = rendered.get(purpose);
    if (known) return known;
    const fresh = renderer.renderNotice(purpose, masthead);
    rendered.set(purpose, fresh);
    // A template that was mended is tried again.
    fresh.catch(() => rendered.delete(purpose));
    return fresh;
  };
  return async claim => {
    const { subject, html, text, mark } = await render(claim.purpose);
    const { changeId, subscriberId, tokenCounter, address, createdAt } = claim;
    const whose =
      changeId === null ? ([subscriberId, tokenCounter] as const) : ([changeId, 0] as const);
    const token = makeToken(linkKey, linkOf[claim.purpose], ...whose);
    const content = {
      subject,
      html: html.replaceAll(mark, token),
      text: text.replaceAll(mark, token),
    };
    const wire = buildNoticeTemplate(content, sender, {
      sentAt: createdAt,
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

/** The same at each try, and nobody can tell from one what the next will be. */
function messageId(key: Buffer, { id, createdAt }: NoticeClaim): string {
  const hash = createHmac('sha256', key).update(`notice ${id} ${createdAt}`).digest('hex');
  return `${hash.slice(0, 20)}.n${id}`;
}
