import { isMarker } from './head.ts';
import type { Item } from './items.ts';
import { looksLikeAbstract } from './shape.ts';

/** How many items a masthead has from its first line to its day, at most. */
const mastheadItems = 12;

/**
 * The items of each day, in the file's order: a file to which one page after the other was added has
 * a masthead with a day above each. Mostly it is one. All items are in one of them.
 */
export function splitDays(items: readonly Item[]): (readonly Item[])[] {
  const starts = [0];
  let headed = false;
  let papers = 0;
  for (const [at, item] of items.entries()) {
    if (item.kind === 'text' && looksLikeAbstract(item.text)) papers += 1;
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
    if (item.kind !== 'around') continue;
    if (item.pieces.some(({ kind }) => kind === 'day')) return true;
    if (item.pieces.some(({ kind }) => kind === 'count' || kind === 'authorCount')) return false;
  }
  return false;
}
