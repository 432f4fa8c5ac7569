/**
 * What a mail to one person is for, and what its link allows: the purpose of the token in it, and
 * its place below the site; null where it has no link. `already`: who signed up again and is on the
 * list. `trouble` and `recovered` go to the operator.
 */
export const noticeLinks = {
  confirm: 'confirm',
  welcome: 'preferences',
  already: 'preferences',
  manage: 'manage',
  change: 'change',
  trouble: null,
  recovered: null,
} as const;

export type NoticePurpose = keyof typeof noticeLinks;

/**
 * What the words of a notice name beyond its purpose: lines of text, from wherever. `words` is the
 * template in `mail/` that has them, where that is not called like the purpose.
 */
export type NoticeAbout = Readonly<Record<string, string>>;
