import { tokenLength } from '../../readers/token.ts';

/** The pages whose address ends in a token: `/unsubscribe/TOKEN`. */
export const personalPages = 'unsubscribe preferences confirm undo why manage change'.split(' ');

/** What may stand before a token: escapes, `=3D` of quoted-printable, and no letter of its own. */
const link = new RegExp(
  `^/(${personalPages.join('|')})/(?:%(?:25)*[\\da-fA-F]{2}|=3[dD]|[^\\w-])*([\\w-]{${tokenLength}})(?![\\w-])(/[a-z]+$)?`,
);

/**
 * The path of a personal link without what mail programs add at its ends: a full stop, brackets,
 * quotes, `&amp;utm_source=…`, a slash. Only a token is looked for, and whether it is genuine is
 * for its page to say. A link to leave that holds none is `/unsubscribe`; other paths stay.
 */
export function withoutOrnaments(path: string): string {
  const [, page, token, act = ''] = link.exec(path) ?? [];
  if (page) return `/${page}/${token}${act}`;
  return path.startsWith('/unsubscribe/') ? '/unsubscribe' : path;
}
