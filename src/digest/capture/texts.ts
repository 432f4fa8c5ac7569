import { looksLikeNames } from '../authors.ts';
import { isPaperPage } from '../urls.ts';

/** A paragraph: a title, an abstract, or words of the page that nobody told us about. */
export type Text = {
  readonly kind: 'text';
  readonly line: number;
  readonly text: string;
  /** 1–6 where it is marked as a heading, else 0. */
  readonly level: number;
  readonly urls: readonly string[];
};

/** Real titles have at most 170 characters and no full stop at the end. */
const longestTitle = 300;

/** No abstract has more characters; what has is something else. */
export const longestAbstract = 20_000;

/**
 * Whether `text` by itself can only be (part of) an abstract: long, or sentences, or with a URL in it.
 * Real abstracts of fewer than 500 characters all end in a full stop.
 */
export function looksLikeAbstract(text: string): boolean {
  if (text.length > longestTitle) return true;
  if (/https?:\/\//.test(text) && /\s/.test(text)) return true;
  if (endsSentence(text)) return wordsOf(text).length > 3;
  if (/(?:…|\.\.\.)$/.test(text)) return text.length > 100;
  return text.length > 200 && /[.!?]["”')\]]?\s+\p{Lu}/u.test(text);
}

/** Whether `text` ends as sentences do. */
export function endsSentence(text: string): boolean {
  return /(?<![.…]|\b(?:vs|al|etc))\.["”')\]]*$/.test(text);
}

/** Whether the words are written as in a sentence (`This is shown`), not as in a Title Like This. */
function looksLikeSentence(text: string): boolean {
  const rest = wordsOf(text).slice(1);
  const lower = rest.filter(word => /^\p{Ll}/u.test(word));
  return rest.length >= 2 && lower.length * 2 >= rest.length;
}

/** Whether `text` goes on from `before`, which ends without a full stop. */
function goesOnFrom(text: string, before: string): boolean {
  return /^\p{Ll}/u.test(text) && !/[.!?:]["”')\]]*$/.test(before) && wordsOf(text).length > 3;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(word => /\p{L}/u.test(word));
}

/** Tells a title by what this capture marks its titles with: headings, links, or nothing at all. */
export type TitleMark = {
  readonly marks: 'heading' | 'link' | 'nothing';
  readonly isTitle: (text: Text) => boolean;
};

/** How these texts of a capture mark its titles. A mark counts where half of the abstracts have one. */
export function findTitleMark(texts: readonly Text[]): TitleMark {
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
  return Math.max(0, counts.lastIndexOf(Math.max(...counts, 1)));
}

/** What a text is on the page. `stray`: an abstract without a title; `nothing`: words of the page. */
export type Role = 'title' | 'abstract' | 'authors' | 'stray' | 'nothing';

/** A text, and what of its surroundings decides its role. */
export type Place = {
  readonly text: Text;
  readonly mark: TitleMark;
  /** Where the paper above it stands: has it only a title, is its abstract open, or has it ended? */
  readonly above: 'none' | 'title' | 'abstract' | 'ended';
  /** The last text of the abstract above, or nothing. */
  readonly before: string;
  /** Whether the next text, past a list of names, is an abstract. */
  readonly abstractFollows: boolean;
  /** Whether a dot or a day stands right below it, as below an organisation. */
  readonly dayFollows: boolean;
};

/** Decides what a text is by how it looks and by where it stands. */
export function roleOf(place: Place): Role {
  if (place.mark.isTitle(place.text)) return 'title';
  if (place.above === 'title') return roleUnderTitle(place);
  return place.mark.marks === 'nothing' ? roleUnmarked(place) : roleAmongMarked(place);
}

/** After a title that has no abstract yet. Another title means that the first has none. */
function roleUnderTitle({ text: { text }, mark, abstractFollows }: Place): Role {
  if (abstractFollows && looksLikeNames(text)) return 'authors';
  if (looksLikeAbstract(text)) return 'abstract';
  // A short sentence is an abstract, where nothing below could be it.
  if (!abstractFollows && looksLikeSentence(text)) return 'abstract';
  return mark.marks === 'nothing' ? 'title' : 'nothing';
}

/** After an abstract, where other titles are marked as such and this text is not. */
function roleAmongMarked({ text: { text }, mark, above, abstractFollows }: Place): Role {
  if (above !== 'none' && looksLikeNames(text)) return 'authors';
  if (looksLikeAbstract(text)) return above === 'abstract' ? 'abstract' : 'nothing';
  // Where titles are links, one paper may have none; a heading is left out by nobody.
  return mark.marks === 'link' && abstractFollows ? 'title' : 'nothing';
}

/** Where a title is expected, and nothing marks titles. */
function roleUnmarked(place: Place): Role {
  const { above, before, abstractFollows, dayFollows } = place;
  const { text } = place.text;
  if (above !== 'none' && !abstractFollows && looksLikeNames(text)) return 'authors';
  if (looksLikeAbstract(text)) {
    const endsInStop = text.length < 200 && !looksLikeSentence(text);
    if (endsInStop && abstractFollows) return 'title';
    return above === 'abstract' ? 'abstract' : 'stray';
  }
  if (above === 'abstract') {
    // No title announces more: `Our contributions are:`.
    if (/[:;,]$/.test(text)) return 'abstract';
    if (!abstractFollows && goesOnFrom(text, before)) return 'abstract';
  }
  // The page shows an organisation where it shows no authors: above a dot and the day.
  return abstractFollows || !dayFollows ? 'title' : 'nothing';
}
