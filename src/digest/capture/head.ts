import type { WrittenDay } from '../day-text.ts';
import { cleanText } from '../text.ts';
import type { Around, Item } from './items.ts';
import { looksLikeAbstract } from './shape.ts';

/** What the top of the page says, and where the papers begin in the items. */
export type Head = {
  readonly day: WrittenDay | null;
  readonly curator: string | null;
  readonly end: number;
};

/** Reads banner, menus, masthead and day: everything down to the last of them above the papers. */
export function readHead(items: readonly Item[]): Head {
  const firstAbstract = items.findIndex(
    item => item.kind === 'text' && looksLikeAbstract(item.text),
  );
  const top = firstAbstract < 0 ? items : items.slice(0, firstAbstract);
  const marker = top.findLastIndex(item => item.kind === 'around' && item.pieces.some(isMasthead));
  const end = endOfDay(items, marker + 1);
  const head = items.slice(0, end);
  return { day: dayIn(head, marker), curator: curatorIn(head), end };
}

function isMasthead({ kind }: Around['pieces'][number]): boolean {
  return kind === 'masthead' || kind === 'tab' || kind === 'curator';
}

/** The page's day stands below the masthead, before anything that could be a title. */
function endOfDay(items: readonly Item[], from: number): number {
  for (let at = from; at < items.length; at += 1) {
    const item = items[at];
    if (item?.kind !== 'around') return from;
    if (item.pieces.some(piece => piece.kind === 'day')) return at + 1;
    if (item.pieces.some(piece => piece.kind === 'count')) return from;
  }
  return from;
}

function dayIn(head: readonly Item[], marker: number): WrittenDay | null {
  const days = (items: readonly Item[]) =>
    items
      .flatMap(item => (item.kind === 'around' ? item.pieces : []))
      .filter(piece => piece.kind === 'day');
  return (days(head.slice(marker + 1))[0] ?? days(head).at(-1))?.day ?? null;
}

function curatorIn(head: readonly Item[]): string | null {
  for (const item of head) {
    const found = item.kind === 'around' && item.pieces.find(piece => piece.kind === 'curator');
    if (found) return tidy(found.name);
  }
  // Some tools break the line at the link: "by", "AK", "and the research community".
  const words = head
    .slice(-40)
    .map(item => (item.kind === 'text' ? item.text : ''))
    .join(' ');
  const match = /\bby\s*(\S.{0,80}?\band the research community)/i.exec(words);
  return match?.[1] ? tidy(match[1]) : null;
}

function tidy(name: string): string {
  return cleanText(name.replace(/\[[^\]]{0,80}\]/g, ' '));
}
