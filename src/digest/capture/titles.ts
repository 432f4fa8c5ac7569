import type { Item, Text } from './items.ts';
import { isPaperPage } from './paper-links.ts';
import { looksLikeAbstract } from './shape.ts';

/** Tells a title by what this capture marks its titles with: headings, links, or nothing at all. */
export type TitleMark = {
  readonly marks: 'heading' | 'link' | 'nothing';
  readonly isTitle: (text: Text) => boolean;
};

/** How this capture marks its titles. A mark counts where half of the abstracts have one. */
export function findTitleMark(items: readonly Item[]): TitleMark {
  const texts = items.filter(item => item.kind === 'text');
  const abstracts = texts.filter(text => text.level === 0 && looksLikeAbstract(text.text)).length;
  const enough = (isTitle: (text: Text) => boolean) => {
    const titles = texts.filter(isTitle).length;
    return titles > 0 && titles * 2 >= abstracts;
  };
  const level = commonLevel(texts);
  const isHeading = (text: Text) => text.level === level && level > 0;
  if (enough(isHeading)) return { marks: 'heading', isTitle: isHeading };
  const isLinked = (text: Text) => !looksLikeAbstract(text.text) && text.urls.some(isPaperPage);
  if (enough(isLinked)) return { marks: 'link', isTitle: isLinked };
  return { marks: 'nothing', isTitle: () => false };
}

function commonLevel(texts: readonly Text[]): number {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (const { level } of texts) if (level > 0) counts[level] = (counts[level] ?? 0) + 1;
  return Math.max(0, counts.lastIndexOf(Math.max(...counts.slice(1), 1)));
}
