import { cleanText } from '../../lib/text.ts';
import type { WrittenDay } from '../day-text.ts';
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
  const first = items.findIndex(isMarker);
  const above = items.slice(0, Math.max(first, 0)).filter(isAbstract).length;
  const start = above > mostAboveMasthead ? -1 : first;
  const papers = items.findIndex((item, at) => at > start && isAbstract(item));
  const marker = items.slice(0, papers < 0 ? items.length : papers).findLastIndex(isMarker);
  const byline = marker < 0 ? null : bylineIn(items[marker + 1]);
  const below = marker + (byline ? 2 : 1);
  const end = endOfDay(items, below);
  const head = items.slice(0, end);
  return { day: dayIn(head, below), curator: byline ?? curatorIn(head), end };
}

/** `by the editors`, right below the masthead. */
function bylineIn(item: Item | undefined): string | null {
  const match = item?.kind === 'text' ? /^(?:curated )?by\s+(\S.{0,60})$/i.exec(item.text) : null;
  return match?.[1] ? tidy(match[1]) : null;
}

/** How much prose a tool may put above the page: where it was, when, from what. */
const mostAboveMasthead = 2;

/** Whether an item belongs to the masthead: its title, its tabs, who picked. */
export function isMarker(item: Item): boolean {
  return item.kind === 'around' && item.pieces.some(isMasthead);
}

function isAbstract(item: Item): boolean {
  return item.kind === 'text' && looksLikeAbstract(item.text);
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

function dayIn(head: readonly Item[], below: number): WrittenDay | null {
  const days = (items: readonly Item[]) =>
    items
      .flatMap(item => (item.kind === 'around' ? item.pieces : []))
      .filter(piece => piece.kind === 'day');
  return (days(head.slice(below))[0] ?? days(head).at(-1))?.day ?? null;
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
