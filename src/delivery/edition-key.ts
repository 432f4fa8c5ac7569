import { createHash } from 'node:crypto';
import type { Edition } from '../edition/edition.ts';
import type { Edits } from '../edition/edits.ts';

/**
 * What makes an edition "the same" beside its kind and date. Daily and weekly: nothing more, so
 * there is one a day. Manual: its digest's day, picks, subject, intro and what an editor wrote, as
 * 16 hex digits; the audience is no part of it. The key is also the edition's unlisted address on the web.
 */
export function editionKey(edition: Edition, edits: Edits = {}): string {
  if (edition.kind !== 'manual') return '';
  const identity = [
    edition.date,
    edition.digestDate,
    edition.subject,
    edition.intro,
    edition.picks.map(({ paper }) => paper.titleKey),
    ...writtenIn(edition, edits),
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
}

/** The editor's words beside subject and intro; nothing where there are none. */
function writtenIn({ picks, preheader }: Edition, edits: Edits): readonly unknown[] {
  const papers = picks
    .map(({ paper, summary, note }) => {
      const title = edits.papers?.[paper.titleKey]?.title?.trim() ? paper.title : null;
      return [title, summary ?? null, note ?? null];
    })
    .map(words => (words.some(word => word !== null) ? words : null));
  const given = edits.preheader?.trim() ? preheader : null;
  return given === null && papers.every(words => words === null) ? [] : [given, papers];
}
