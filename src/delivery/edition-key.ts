import { createHash } from 'node:crypto';
import type { Edition } from '../edition/edition.ts';

/**
 * What makes an edition "the same" beside its kind and date. Daily and weekly: nothing more, so
 * there is one a day. Manual: its digest's day, picks, subject and intro, as 16 hex digits; the
 * audience is no part of it. The key is also the edition's unlisted address on the web.
 */
export function editionKey(edition: Edition): string {
  if (edition.kind !== 'manual') return '';
  const identity = [
    edition.date,
    edition.digestDate,
    edition.subject,
    edition.intro,
    edition.picks.map(({ paper }) => paper.titleKey),
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
}
