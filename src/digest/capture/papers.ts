import { InputError } from '../../errors.ts';
import { excerpt } from '../text.ts';
import { type Draft, startDraft } from './draft.ts';
import { type Furniture, looksLikeNames, splitNames } from './furniture.ts';
import type { Around, Item, Text } from './items.ts';
import {
  codeUrlOf,
  countsComments,
  type PaperLinks,
  paperPageIn,
  votedPaper,
} from './paper-links.ts';
import { longestAbstract, looksLikeAbstract, looksLikeSentence, looksUnfinished } from './shape.ts';
import { findTitleMark, type TitleMark } from './titles.ts';

/**
 * Reads the papers from the items below the head. Throws InputError, naming `source` and line, for a
 * title without an abstract and for text that belongs to no title.
 */
export function readPapers(items: readonly Item[], source: string): Draft[] {
  const reader = new PaperReader(items, source);
  for (const at of items.keys()) reader.read(at);
  return reader.finish();
}

/** Goes down the page once. What an item is depends on what came before and on the next text. */
class PaperReader {
  private readonly drafts: Draft[] = [];
  private readonly votes = new Map<string, number | null>();
  private readonly mark: TitleMark;
  private readonly nextTexts: readonly (Text | undefined)[];
  /** Whether this capture puts the upvotes above the titles, as the page does. */
  private readonly countsFirst: boolean;
  private pendingVotes: number | null = null;
  private pendingPage: PaperLinks | null = null;
  private skipsSubmitter = false;
  private readonly items: readonly Item[];
  private readonly source: string;

  constructor(items: readonly Item[], source: string) {
    this.items = items;
    this.source = source;
    this.mark = findTitleMark(items);
    this.nextTexts = followingTexts(items);
    const firstText = items.find(
      item => item.kind === 'text' && (this.isMarked(item) || !this.hasMarks),
    );
    this.countsFirst = items
      .slice(0, firstText ? items.indexOf(firstText) : 0)
      .some(item => item.kind === 'around' && item.pieces.some(piece => piece.kind === 'count'));
  }

  finish(): Draft[] {
    this.demandAbstract();
    for (const draft of this.drafts) {
      const votes = draft.arxivId ? this.votes.get(draft.arxivId) : undefined;
      if (votes !== undefined) draft.upvotes = votes;
    }
    return this.drafts;
  }

  read(at: number): void {
    const item = this.items[at];
    if (item?.kind === 'around') this.readAround(item, this.items[at - 1]);
    else if (item) this.readText(item, at);
  }

  private get current(): Draft | undefined {
    return this.drafts.at(-1);
  }

  private get hasMarks(): boolean {
    return this.mark.marks !== 'nothing';
  }

  private isMarked(text: Text): boolean {
    return this.mark.isTitle(text);
  }

  /** Whether the next text, past a list of names, is an abstract. */
  private abstractFollows(at: number): boolean {
    const next = this.nextTexts[at];
    const text =
      next && looksLikeNames(next.text) ? this.nextTexts[this.items.indexOf(next, at)] : next;
    return text !== undefined && !this.isMarked(text) && looksLikeAbstract(text.text);
  }

  private readText(text: Text, at: number): void {
    const skips = this.skipsSubmitter && !this.isMarked(text) && !looksLikeAbstract(text.text);
    this.skipsSubmitter = false;
    if (skips) return;
    const current = this.current;
    if (this.isMarked(text)) this.start(text);
    else if (current && current.abstract.length === 0) this.readUnderTitle(text, current, at);
    else if (this.hasMarks) this.readUnmarked(text, at);
    else this.readPlain(text, at);
  }

  /** Text after a title that has no abstract yet. */
  private readUnderTitle(text: Text, current: Draft, at: number): void {
    const next = this.nextTexts[at];
    const abstractFollows =
      next !== undefined && !this.isMarked(next) && looksLikeAbstract(next.text);
    if (abstractFollows && looksLikeNames(text.text)) current.authors = splitNames(text.text);
    else if (looksLikeAbstract(text.text)) this.addAbstract(text, current);
    else if (!abstractFollows && looksLikeSentence(text.text)) this.addAbstract(text, current);
    else if (!this.hasMarks) this.demandAbstract();
  }

  /** Text after an abstract, where titles are marked and this one is not. */
  private readUnmarked(text: Text, at: number): void {
    const next = this.nextTexts[at];
    const abstractFollows =
      next !== undefined && !this.isMarked(next) && looksLikeAbstract(next.text);
    const current = this.current;
    if (current && looksLikeNames(text.text)) current.authors = splitNames(text.text);
    else if (looksLikeAbstract(text.text)) {
      if (current && !current.closed) this.addAbstract(text, current);
    } else if (this.mark.marks === 'link' && abstractFollows) this.start(text);
    else if (current) current.closed = true;
  }

  /** Text where a title is expected, and nothing marks titles. */
  private readPlain(text: Text, at: number): void {
    const abstractFollows = this.abstractFollows(at);
    const current = this.current;
    const before = current?.abstract.at(-1) ?? '';
    if (current && !abstractFollows && looksLikeNames(text.text)) {
      current.authors = splitNames(text.text);
    } else if (looksLikeAbstract(text.text)) {
      const isTitle = text.text.length < 200 && abstractFollows && !looksLikeSentence(text.text);
      if (isTitle) this.start(text);
      else if (current && !current.closed) this.addAbstract(text, current);
      else throw this.noTitle(text);
    } else if (
      current &&
      !current.closed &&
      !abstractFollows &&
      looksUnfinished(text.text, before)
    ) {
      this.addAbstract(text, current);
    } else if (abstractFollows || !isOrganisation(this.items[at + 1])) this.start(text);
  }

  private start(title: Text): void {
    this.demandAbstract();
    const draft = startDraft(title);
    draft.upvotes = this.pendingVotes;
    if (!draft.arxivId && this.pendingPage) Object.assign(draft, this.pendingPage);
    this.pendingVotes = null;
    this.pendingPage = null;
    this.drafts.push(draft);
  }

  private addAbstract(text: Text, current: Draft): void {
    if (text.text.length > longestAbstract) {
      throw new InputError(
        `${this.source}:${text.line}: ${text.text.length} characters without a blank line are no abstract. ` +
          'Is this the text of a page of papers?',
      );
    }
    current.abstract.push(text.text);
    this.takeLinks(text.urls);
  }

  private readAround(around: Around, before: Item | undefined): void {
    const current = this.current;
    if (current && current.abstract.length > 0) current.closed = true;
    const stars = before?.kind === 'around' && before.pieces.at(-1)?.kind === 'stars';
    for (const piece of around.pieces) this.readPiece(piece, around.urls, stars);
    this.takeLinks(around.urls);
  }

  private readPiece(piece: Furniture, urls: readonly string[], stars: boolean): void {
    const current = this.current;
    const voted = votedPaper(urls);
    if (piece.kind === 'count') {
      if (!stars && !countsComments(urls)) this.readVotes(piece.value, voted);
    } else if (piece.kind === 'separator') {
      if (voted || (piece.dash && this.countsFirst)) this.readVotes(null, voted);
    } else if (piece.kind === 'submitter') this.skipsSubmitter = true;
    else if (!current) return;
    else if (piece.kind === 'authorCount') current.authorCount ??= piece.value;
    else if (piece.kind === 'authors') current.authors = piece.names;
    else if (piece.kind === 'day') current.publishedOn ??= piece.day;
  }

  private readVotes(value: number | null, voted: string | null): void {
    const current = this.current;
    if (voted) this.votes.set(voted, value);
    if (this.countsFirst && (!current || current.abstract.length > 0)) this.pendingVotes = value;
    else if (current) current.upvotes ??= value;
  }

  private takeLinks(urls: readonly string[]): void {
    const current = this.current;
    const page = paperPageIn(urls);
    if (page && current && !current.arxivId) Object.assign(current, page);
    else if (page && page.arxivId !== current?.arxivId) this.pendingPage = page;
    const code = codeUrlOf(urls);
    if (code && current) current.codeUrl ??= code;
  }

  private demandAbstract(): void {
    const current = this.current;
    if (!current || current.abstract.length > 0) return;
    throw new InputError(
      `${this.source}:${current.line}: “${excerpt(current.title)}” has no abstract. ` +
        'Each paper is a title, a blank line, and its abstract: complete it, or take the title out.',
    );
  }

  private noTitle(text: Text): InputError {
    return new InputError(
      `${this.source}:${text.line}: no title above “${excerpt(text.text, 40)}”. ` +
        'Each paper is a title, a blank line, and its abstract.',
    );
  }
}

/** For each item, the next text below it. */
function followingTexts(items: readonly Item[]): (Text | undefined)[] {
  const following: (Text | undefined)[] = [];
  let next: Text | undefined;
  for (let at = items.length - 1; at >= 0; at -= 1) {
    following[at] = next;
    const item = items[at];
    if (item?.kind === 'text') next = item;
  }
  return following;
}

/** The page shows an organisation where it shows no authors: above a dot and the day. */
function isOrganisation(next: Item | undefined): boolean {
  const [first] = next?.kind === 'around' ? next.pieces : [];
  return first?.kind === 'separator' || first?.kind === 'day';
}
