import { requestOf } from '../../delivery/drafts.ts';
import { choose } from '../../delivery/prepare.ts';
import { summarise } from '../../edition/summarise.ts';
import type { Draft } from '../../store/desk.ts';
import { timeOf } from './common.ts';
import type { DeskParts } from './parts.ts';

const summaryChars = 320;

/** The candidates of a draft: first its picks in their order, then the others as the picker ranks them. */
export async function viewCandidates(parts: DeskParts, { content }: Pick<Draft, 'content'>) {
  const { edits } = content;
  // What an editor wants may not be any more; what there is to pick from always is.
  const request = { ...requestOf(content, timeOf(parts)), edits: {} };
  const { candidates } = await choose(parts.publishing, request);
  const own = candidates.flatMap(({ outcome, paper }) =>
    outcome === 'picked' ? [paper.titleKey] : [],
  );
  const picks = edits.picks ?? own;
  const place = new Map(picks.map((key, at) => [key, at]));
  const papers = candidates
    .map(({ paper, outcome, rank, reason }, at) => {
      const { titleKey: key, title, url, abstract, tldr } = paper;
      const edit = edits.papers?.[key] ?? {};
      return {
        key,
        id: `paper-${at}`,
        title: edit.title || title,
        original: title,
        url,
        reason,
        rank,
        choice: outcome === 'picked',
        picked: place.has(key),
        order: place.get(key) ?? picks.length + at,
        automatic: summarise(abstract, summaryChars, tldr),
        ownTitle: edit.title ?? '',
        ownSummary: edit.summary ?? '',
        note: edit.note ?? '',
        edited: Boolean(edit.title || edit.summary || edit.note),
      };
    })
    .sort((a, b) => a.order - b.order);
  return { own, papers };
}
