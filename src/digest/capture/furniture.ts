import { splitNames } from '../authors.ts';
import { readDay, type WrittenDay } from '../day-text.ts';

/** What stands on the page around the papers: never a title, never an abstract. */
export type Furniture =
  | { readonly kind: 'count'; readonly value: number | null; readonly upvotes: boolean }
  | { readonly kind: 'authorCount'; readonly value: number }
  | { readonly kind: 'authors'; readonly names: readonly string[] }
  | { readonly kind: 'day'; readonly day: WrittenDay }
  | { readonly kind: 'curator'; readonly name: string }
  | { readonly kind: 'masthead' }
  | { readonly kind: 'tab' }
  | { readonly kind: 'separator'; readonly dash: boolean }
  | { readonly kind: 'submitter' }
  | { readonly kind: 'stars' }
  | { readonly kind: 'label' };

type Reader = (text: string) => Furniture | null;

const number = String.raw`(\d{1,3}(?:,\d{3}){1,2}|\d{1,9}(?:\.\d{1,9})?)\s?(k?)`;

const readers: readonly Reader[] = [
  matching(/^[-–—·•|*_=~#>+.\s]+$/, text => ({ kind: 'separator', dash: /^[-–]$/.test(text) })),
  matching(/^(?:`{3,}|~{3,})\w*$/, () => ({ kind: 'separator', dash: false })),
  matching(/^(?:get trending papers in your email inbox.{0,30}|markdown content:?)$/i, () => ({
    kind: 'masthead',
  })),
  matching(/^(?:daily|trending|weekly|monthly) papers(?: [-–—|·] hugging ?face)?$/i, () => ({
    kind: 'masthead',
  })),
  matching(/^(?:daily|weekly|monthly|daily\W+weekly\W+monthly)$/i, () => ({ kind: 'tab' })),
  matching(/^by\s*(\S.{0,80}\band the research community)$/i, name => ({ kind: 'curator', name })),
  matching(new RegExp(`^(?:▲|△|⬆️?|↑|👍|❤️?|\\+)\\s?${number}$`, 'iu'), upvotes),
  matching(new RegExp(`^(?:up)?votes?:?\\s+${number}$`, 'i'), upvotes),
  matching(new RegExp(`^${number}\\s+(?:up)?votes?$`, 'i'), upvotes),
  matching(new RegExp(`^(?:\\[[- x]?\\]\\s+)?${number}$`, 'i'), (value, k) => ({
    kind: 'count',
    value: count(value, k),
    upvotes: false,
  })),
  matching(/^\[[- x]?\]\s+-$/, () => ({ kind: 'count', value: null, upvotes: false })),
  matching(/^(\d{1,5})\s+authors?$/i, value => ({ kind: 'authorCount', value: Number(value) })),
  matching(/^authors?:\s*(\S.*)$/i, names => ({ kind: 'authors', names: splitNames(names) })),
  matching(/^(?:\d+|no)\s+comments?$/i, () => ({ kind: 'label' })),
  matching(/^(?:published|submitted|posted|updated)(?: on)?:?\s+(.+)$/i, dayOf),
  text => dayOf(text),
  matching(/^submitted by(?: \S+)?$/i, text => ({
    kind: text.includes(' ') ? 'label' : 'submitter',
  })),
  matching(/^(?:(?:link: )?github|code)(?:\s+[\d.,]+\s?k?)?$/i, () => ({ kind: 'stars' })),
  matching(/^image \d+(?::.{0,80})?$/i, () => ({ kind: 'label' })),
];

/** Words of the page's own menus, buttons and footer. */
const labels = new Set(
  `new|subscribe|log in|login|sign up|signup|sign in|join|papers|trending|models|datasets|spaces|
  buckets|buckets new|docs|enterprise|pricing|website|tasks|huggingchat|collections|languages|
  organizations|community|blog|posts|learn|discord|forum|solutions|team & enterprise|
  hugging face pro|enterprise support|inference providers|inference endpoints|storage buckets|
  hugging face|company|© hugging face|tos|privacy|about|careers|upvote|upvotes|previous|next|
  load more|view all|view all papers|back to top|skip to content|sort by|hot|comments|authors|
  arxiv|arxiv page|pdf|paper|paper page|abs|html|demo|project page|references|visible links|hidden links|links|menu|
  search|theme|system theme|abstract|summary|content truncated|[content truncated]|read more`
    .split('|')
    .map(label => label.trim()),
);

/** What a line is, where it is no text of a paper: one piece of furniture or several, else null. */
export function readFurniture(text: string): Furniture[] | null {
  if (text.length > 400 && !/^authors?:/i.test(text)) return null;
  const whole = readPiece(text);
  if (whole) return [whole];
  const read: Furniture[] = [];
  for (const piece of text.split(/\s*[·•|]\s*|\s{2,}/)) {
    if (piece === '') continue;
    const furniture = readPiece(piece) ?? datedCount(piece);
    if (!furniture) return null;
    // Beside a day it is the number of comments.
    if (furniture.kind !== 'count' || read.at(-1)?.kind !== 'day') read.push(furniture);
  }
  return read.length > 0 ? read : null;
}

function readPiece(text: string): Furniture | null {
  if (labels.has(text.toLowerCase())) return { kind: 'label' };
  for (const reader of readers) {
    const found = reader(text);
    if (found) return found;
  }
  return null;
}

/** `May 29 6`: a day, and the number of comments. */
function datedCount(text: string): Furniture | null {
  const match = /^(.+\D\d{1,2}(?:,\s*\d{4})?)\s+\d{1,4}$/.exec(text);
  return match?.[1] ? dayOf(match[1]) : null;
}

function matching(pattern: RegExp, make: (...groups: string[]) => Furniture | null): Reader {
  return text => {
    const match = pattern.exec(text);
    return match ? make(...match.slice(1).map(group => group ?? ''), match[0]) : null;
  };
}

function dayOf(text: string): Furniture | null {
  const day = readDay(text);
  return day && { kind: 'day', day };
}

function upvotes(value: string, k: string): Furniture {
  return { kind: 'count', value: count(value, k), upvotes: true };
}

function count(value: string, k: string): number {
  const plain = Number(value.replaceAll(',', ''));
  return Math.round(k.toLowerCase() === 'k' ? plain * 1000 : plain);
}
