import { InputError } from '../../lib/errors.ts';
import { excerpt } from '../../lib/text.ts';
import { looksLikeNames, splitNames } from '../authors.ts';
import { type Draft, startDraft } from './draft.ts';
import type { Furniture } from './furniture.ts';
import type { Around, Item, Text } from './items.ts';
import {
  codeUrlOf,
  countsComments,
  type PaperLinks,
  paperPageIn,
  votedPaper,
} from './paper-links.ts';
import { type Place, roleOf } from './roles.ts';
import { longestAbstract, looksLikeAbstract } from './shape.ts';
import { findTitleMark, type TitleMark } from './titles.ts';

/**
 * Reads the papers from the items below the head. Throws InputError, naming `source` and line, for a
 * title without an abstract and for an abstract without a title.
 */
export function readPapers(items: readonly Item[], source: string): Draft[] {
  const reader = new PaperReader(items, source);
  for (const at of items.keys()) reader.read(at);
  return reader.finish();
}

/** Goes down the page once. What an item is depends on what came before and on the next text. */
class PaperReader {
  private readonly items: readonly Item[];
  private readonly source: string;
  private readonly mark: TitleMark;
  /** For each item, where the next text below it is. */
  private readonly nextTexts: readonly (number | undefined)[];
  /** Whether this capture puts the upvotes above the titles, as the page does. */
  private readonly countsFirst: boolean;
  private readonly drafts: Draft[] = [];
  private readonly votes = new Map<string, number | null>();
  private pendingVotes: number | null = null;
  private pendingPage: PaperLinks | null = null;
  private skipsSubmitter = false;

  constructor(items: readonly Item[], source: string) {
    this.items = items;
    this.source = source;
    this.mark = findTitleMark(items);
    this.nextTexts = followingTexts(items);
    this.countsFirst = hasCountAboveTitle(items, this.mark);
  }

  read(at: number): void {
    const item = this.items[at];
    if (item?.kind === 'around') this.readAround(item, this.items[at - 1]);
    else if (item) this.readText(item, at);
  }

  finish(): Draft[] {
    this.demandAbstract();
    for (const draft of this.drafts) {
      const votes = draft.arxivId ? this.votes.get(draft.arxivId) : undefined;
      if (votes !== undefined) draft.upvotes = votes;
    }
    return this.drafts;
  }

  private get current(): Draft | undefined {
    return this.drafts.at(-1);
  }

  private readText(text: Text, at: number): void {
    const role = roleOf(this.placeOf(text, at));
    const isSubmitter = this.skipsSubmitter && role !== 'abstract' && !this.mark.isTitle(text);
    this.skipsSubmitter = false;
    if (isSubmitter) return;
    if (role === 'stray') throw this.noTitle(text);
    if (role === 'title') this.start(text);
    else this.add(role, text);
  }

  private add(role: 'abstract' | 'authors' | 'nothing', text: Text): void {
    const current = this.current;
    if (!current) return;
    if (role === 'abstract') current.abstract.push(this.checkLength(text));
    else if (role === 'authors') current.authors = splitNames(text.text);
    else if (current.abstract.length > 0) current.closed = true;
    this.takeLinks(text.urls);
  }

  private placeOf(text: Text, at: number): Place {
    const current = this.current;
    const next = this.items[at + 1];
    const [piece] = next?.kind === 'around' ? next.pieces : [];
    return {
      text,
      mark: this.mark,
      above: stateOf(current),
      before: current?.abstract.at(-1) ?? '',
      abstractFollows: this.abstractFollows(at),
      dayFollows: piece?.kind === 'separator' || piece?.kind === 'day',
    };
  }

  private abstractFollows(at: number): boolean {
    let text = this.textBelow(at);
    if (text && looksLikeNames(text.text)) text = this.textBelow(this.nextTexts[at] ?? at);
    return text !== undefined && !this.mark.isTitle(text) && looksLikeAbstract(text.text);
  }

  private textBelow(at: number): Text | undefined {
    const item = this.items[this.nextTexts[at] ?? -1];
    return item?.kind === 'text' ? item : undefined;
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
      // The page writes no upvotes as a dash.
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
    // Above the titles, the last number before one is its upvotes; those before it are comments.
    if (this.countsFirst && stateOf(current) !== 'title') this.pendingVotes = value;
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

  private checkLength({ text, line }: Text): string {
    if (text.length <= longestAbstract) return text;
    throw new InputError(
      `${this.source}:${line}: ${text.length} characters without a blank line are no abstract. ` +
        'Is this the text of a page of papers?',
    );
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

function stateOf(draft: Draft | undefined): Place['above'] {
  if (!draft) return 'none';
  if (draft.abstract.length === 0) return 'title';
  return draft.closed ? 'ended' : 'abstract';
}

function followingTexts(items: readonly Item[]): (number | undefined)[] {
  const following: (number | undefined)[] = [];
  let next: number | undefined;
  for (let at = items.length - 1; at >= 0; at -= 1) {
    following[at] = next;
    if (items[at]?.kind === 'text') next = at;
  }
  return following;
}

function isCountOrDash(piece: Furniture): boolean {
  return piece.kind === 'count' || (piece.kind === 'separator' && piece.dash);
}

function hasCountAboveTitle(items: readonly Item[], mark: TitleMark): boolean {
  const first = items.findIndex(
    item => item.kind === 'text' && (mark.marks === 'nothing' || mark.isTitle(item)),
  );
  return items
    .slice(0, Math.max(first, 0))
    .some(item => item.kind === 'around' && item.pieces.some(isCountOrDash));
}
