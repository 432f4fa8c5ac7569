import { looksLikeNames } from '../authors.ts';
import type { Text } from './items.ts';
import { announcesMore, goesOnFrom, looksLikeAbstract, looksLikeSentence } from './shape.ts';
import type { TitleMark } from './titles.ts';

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
  const { text, above, before, abstractFollows, dayFollows } = place;
  if (above !== 'none' && !abstractFollows && looksLikeNames(text.text)) return 'authors';
  if (looksLikeAbstract(text.text)) {
    const endsInStop = text.text.length < 200 && !looksLikeSentence(text.text);
    if (endsInStop && abstractFollows) return 'title';
    return above === 'abstract' ? 'abstract' : 'stray';
  }
  if (above === 'abstract') {
    if (announcesMore(text.text)) return 'abstract';
    if (!abstractFollows && goesOnFrom(text.text, before)) return 'abstract';
  }
  // The page shows an organisation where it shows no authors: above a dot and the day.
  return abstractFollows || !dayFollows ? 'title' : 'nothing';
}
