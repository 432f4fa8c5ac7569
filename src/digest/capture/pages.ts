import type { Day } from '../../lib/day.ts';
import { cleanText } from '../../lib/text.ts';
import { resolveDay, type WrittenDay } from '../day-text.ts';
import { type Item, piecesOf } from './items.ts';
import type { Chrome } from './page-chrome.ts';
import { looksLikeAbstract } from './texts.ts';

/** One day's page in a capture. */
export type Page = {
  readonly date: Day;
  readonly curator: string | null;
  /** What is below the head. */
  readonly items: readonly Item[];
};

/**
 * The pages among `items`, in the file's order: a file to which one page after the other was added
 * has a masthead with a day above each. Mostly it is one. A page without a day is of `wanted`; a day
 * without a year is the latest up to `referenceDay`.
 */
export function readPages(
  items: readonly Item[],
  referenceDay: Day,
  wanted = referenceDay,
): Page[] {
  return splitPages(items).map(items => {
    const { day, curator, end } = readHead(items);
    const date = day ? resolveDay(day, referenceDay) : wanted;
    return { date, curator, items: items.slice(end) };
  });
}

/** How many items a masthead has from its first line to its day, at most. */
const mastheadItems = 12;

/** The items of each page. All items are in one of them. */
function splitPages(items: readonly Item[]): (readonly Item[])[] {
  const starts = [0];
  let headed = false;
  let papers = 0;
  for (const [at, item] of items.entries()) {
    if (isAbstract(item)) papers += 1;
    else if (isMarker(item) && hasDay(items.slice(at, at + mastheadItems))) {
      // Above the first masthead there is prose of a tool, and menus; within one there is none.
      if (headed && papers > 0) starts.push(at);
      headed = true;
      papers = 0;
    }
  }
  return starts.map((start, index) => items.slice(start, starts[index + 1]));
}

/** Whether a day stands below the masthead, past a byline in pieces ("by", "AK"). */
function hasDay(masthead: readonly Item[]): boolean {
  for (const item of masthead) {
    if (item.kind === 'text' && item.text.length > 60) return false;
    if (has(item, 'day')) return true;
    if (has(item, 'count', 'authorCount')) return false;
  }
  return false;
}

/** How much prose a tool may put above the page: where it was, when, from what. */
const mostAboveMasthead = 2;

/** Reads banner, menus, masthead and day: everything down to `end`, where the papers begin. */
function readHead(items: readonly Item[]) {
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

/** Whether an item belongs to the masthead: its title, its tabs, who picked. */
function isMarker(item: Item): boolean {
  return has(item, 'masthead', 'curator');
}

function isAbstract(item: Item): boolean {
  return item.kind === 'text' && looksLikeAbstract(item.text);
}

function has(item: Item, ...kinds: readonly Chrome['kind'][]): boolean {
  return item.kind === 'chrome' && item.pieces.some(({ kind }) => kinds.includes(kind));
}

/** `by the editors`, right below the masthead. */
function bylineIn(item: Item | undefined): string | null {
  const match = item?.kind === 'text' ? /^(?:curated )?by\s+(\S.{0,60})$/i.exec(item.text) : null;
  return match?.[1] ? tidy(match[1]) : null;
}

/** The page's day stands below the masthead, before anything that could be a title. */
function endOfDay(items: readonly Item[], from: number): number {
  for (const [at, item] of items.slice(from).entries()) {
    if (item.kind === 'text') return from;
    if (has(item, 'day')) return from + at + 1;
    if (has(item, 'count')) return from;
  }
  return from;
}

function dayIn(head: readonly Item[], below: number): WrittenDay | null {
  const days = (items: readonly Item[]) => piecesOf(items).filter(piece => piece.kind === 'day');
  return (days(head.slice(below))[0] ?? days(head).at(-1))?.day ?? null;
}

function curatorIn(head: readonly Item[]): string | null {
  const found = piecesOf(head).find(piece => piece.kind === 'curator');
  if (found) return tidy(found.name);
  // Some tools break the line at the link: "by", "AK", "and the research community".
  const words = head.slice(-40).map(item => (item.kind === 'text' ? item.text : ''));
  const match = /\bby\s*(\S.{0,80}?\band the research community)/i.exec(words.join(' '));
  return match?.[1] ? tidy(match[1]) : null;
}

function tidy(name: string): string {
  return cleanText(name.replace(/\[[^\]]{0,80}\]/g, ' '));
}
