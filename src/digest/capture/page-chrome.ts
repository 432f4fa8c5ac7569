import { splitNames } from '../authors.ts';
import { readDay, type WrittenDay } from '../day-text.ts';

/** What stands on the page around the papers: never a title, never an abstract. */
export type Chrome =
  | { readonly kind: 'count'; readonly value: number | null }
  | { readonly kind: 'authorCount'; readonly value: number }
  | { readonly kind: 'authors'; readonly names: readonly string[] }
  | { readonly kind: 'day'; readonly day: WrittenDay }
  | { readonly kind: 'curator'; readonly name: string }
  /** The page's title, its tabs or its banner. */
  | { readonly kind: 'masthead' }
  | { readonly kind: 'separator'; readonly dash: boolean }
  | { readonly kind: 'stars' }
  | { readonly kind: 'label' };

const number = String.raw`(\d{1,3}(?:,\d{3}){1,2}|\d{1,9}(?:\.\d{1,9})?)\s?(k?)`;

/** What a text is by its pattern; it is made of the pattern's groups, else of the text. */
const kinds: readonly (readonly [RegExp, (...groups: string[]) => Chrome | null])[] = [
  [
    /^[-–—·•|*_=~#>+.\s]+$|^(?:`{3,}|~{3,})\w*$/,
    text => ({ kind: 'separator', dash: /^[-–]$/.test(text) }),
  ],
  [
    /^(?:get trending papers in your email inbox.{0,30}|markdown content:?|(?:daily|trending|weekly|monthly) papers(?: [-–—|·] hugging ?face)?|daily|weekly|monthly|daily\W+weekly\W+monthly)$/i,
    () => ({ kind: 'masthead' }),
  ],
  [/^by\s*(\S.{0,80}\band the research community)$/i, name => ({ kind: 'curator', name })],
  [new RegExp(`^(?:▲|△|⬆️?|↑|👍|❤️?|\\+)\\s?${number}$`, 'iu'), count],
  [new RegExp(`^(?:up)?votes?:?\\s+${number}$`, 'i'), count],
  [new RegExp(`^${number}\\s+(?:up)?votes?$`, 'i'), count],
  [new RegExp(`^(?:\\[[- x]?\\]\\s+)?${number}$`, 'i'), count],
  [/^\[[- x]?\]\s+-$/, () => ({ kind: 'count', value: null })],
  [/^(\d{1,5})\s+authors?$/i, value => ({ kind: 'authorCount', value: Number(value) })],
  [/^authors?:\s*(\S.*)$/i, names => ({ kind: 'authors', names: splitNames(names) })],
  [/^(?:published|submitted|posted|updated)(?: on)?:?\s+(.+)$/i, dayOf],
  [/^.*$/s, dayOf],
  [/^(?:(?:link: )?github|code)(?:\s+[\d.,]+\s?k?)?$/i, () => ({ kind: 'stars' })],
  [
    /^(?:(?:\d+|no)\s+comments?|submitted by(?: \S+)?|image \d+(?::.{0,80})?)$/i,
    () => ({ kind: 'label' }),
  ],
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

/** What a line is, where it is no text of a paper: one piece of chrome or several, else null. */
export function readChrome(text: string): Chrome[] | null {
  if (text.length > 400 && !/^authors?:/i.test(text)) return null;
  const whole = readPiece(text);
  if (whole) return [whole];
  const read: Chrome[] = [];
  for (const piece of text.split(/\s*[·•|]\s*|\s{2,}/)) {
    if (piece === '') continue;
    const chrome = readPiece(piece) ?? datedCount(piece);
    if (!chrome) return null;
    // Beside a day it is the number of comments.
    if (chrome.kind !== 'count' || read.at(-1)?.kind !== 'day') read.push(chrome);
  }
  return read.length > 0 ? read : null;
}

function readPiece(text: string): Chrome | null {
  if (labels.has(text.toLowerCase())) return { kind: 'label' };
  for (const [pattern, make] of kinds) {
    const match = pattern.exec(text);
    const found = match && make(...(match.length > 1 ? match.slice(1) : match));
    if (found) return found;
  }
  return null;
}

/** `May 29 6`: a day, and the number of comments. */
function datedCount(text: string): Chrome | null {
  const match = /^(.+\D\d{1,2}(?:,\s*\d{4})?)\s+\d{1,4}$/.exec(text);
  return match?.[1] ? dayOf(match[1]) : null;
}

function dayOf(text = ''): Chrome | null {
  const day = readDay(text);
  return day && { kind: 'day', day };
}

function count(value = '', k = ''): Chrome {
  const plain = Number(value.replaceAll(',', ''));
  return { kind: 'count', value: Math.round(k.toLowerCase() === 'k' ? plain * 1000 : plain) };
}
