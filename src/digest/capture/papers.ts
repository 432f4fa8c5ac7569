import { InputError } from '../../lib/errors.ts';
import { excerpt } from '../../lib/text.ts';
import { looksLikeNames, splitNames } from '../authors.ts';
import { isCodeUrl } from '../urls.ts';
import {
  type CapturedPaper,
  type PaperPage,
  paperPageIn,
  startPaper,
  votedPaper,
} from './captured-paper.ts';
import { type ChromeLine, type Item, piecesOf } from './items.ts';
import type { Chrome } from './page-chrome.ts';
import {
  findTitleMark,
  longestAbstract,
  looksLikeAbstract,
  type Place,
  type Role,
  roleOf,
  type Text,
  type TitleMark,
} from './texts.ts';

/**
 * Reads the papers from the items below the head. Throws InputError, naming `source` and line, for a
 * title without an abstract and for an abstract without a title.
 */
export function readPapers(items: readonly Item[], source: string): CapturedPaper[] {
  const reader = new PaperReader(items, source);
  for (const [at, item] of items.entries()) {
    if (item.kind === 'text') reader.readText(item, items[at + 1]);
    else reader.readChrome(item, items[at - 1]);
  }
  return reader.finish();
}

/** Goes down the page once. What an item is depends on what came before and on the next text. */
class PaperReader {
  private readonly source: string;
  private readonly mark: TitleMark;
  /** The text below each text. */
  private readonly below = new Map<Text, Text>();
  /** Whether this capture puts the upvotes above the titles, as the page does. */
  private readonly countsFirst: boolean;
  private readonly papers: CapturedPaper[] = [];
  private readonly votes = new Map<string, number | null>();
  private pendingVotes: number | null = null;
  private pendingPage: PaperPage | null = null;

  constructor(items: readonly Item[], source: string) {
    this.source = source;
    const texts = items.filter(item => item.kind === 'text');
    this.mark = findTitleMark(texts);
    for (const [at, text] of texts.slice(1).entries()) this.below.set(texts[at] ?? text, text);
    this.countsFirst = hasCountAboveTitle(items, this.mark);
  }

  finish(): CapturedPaper[] {
    this.demandAbstract();
    for (const paper of this.papers) {
      const votes = paper.arxivId ? this.votes.get(paper.arxivId) : undefined;
      if (votes !== undefined) paper.upvotes = votes;
    }
    return this.papers;
  }

  private get current(): CapturedPaper | undefined {
    return this.papers.at(-1);
  }

  readText(text: Text, next: Item | undefined): void {
    const role = roleOf(this.placeOf(text, next));
    if (role === 'stray') {
      const start = excerpt(text.text, 40);
      throw this.error(text, `no title above “${start}”. ${eachPaper}.`);
    }
    if (role === 'title') this.start(text);
    else this.add(role, text);
  }

  private add(role: Role, text: Text): void {
    const current = this.current;
    if (!current) return;
    if (role === 'abstract') {
      const { length } = text.text;
      if (length > longestAbstract) {
        const problem = `${length} characters without a blank line are no abstract.`;
        throw this.error(text, `${problem} Is this the text of a page of papers?`);
      }
      current.abstract.push(text.text);
    } else if (role === 'authors') current.authors = splitNames(text.text);
    else if (current.abstract.length > 0) current.closed = true;
    this.takeLinks(text.urls);
  }

  private placeOf(text: Text, next: Item | undefined): Place {
    const current = this.current;
    const [piece] = next ? piecesOf([next]) : [];
    return {
      text,
      mark: this.mark,
      above: stateOf(current),
      before: current?.abstract.at(-1) ?? '',
      abstractFollows: this.abstractFollows(text),
      dayFollows: piece?.kind === 'separator' || piece?.kind === 'day',
    };
  }

  private abstractFollows(above: Text): boolean {
    let text = this.below.get(above);
    if (text && looksLikeNames(text.text)) text = this.below.get(text);
    return text !== undefined && !this.mark.isTitle(text) && looksLikeAbstract(text.text);
  }

  private start(title: Text): void {
    this.demandAbstract();
    const paper = startPaper(title, this.pendingPage);
    paper.upvotes = this.pendingVotes;
    this.pendingVotes = null;
    this.pendingPage = null;
    this.papers.push(paper);
  }

  readChrome({ pieces, urls }: ChromeLine, before: Item | undefined): void {
    const current = this.current;
    if (current && current.abstract.length > 0) current.closed = true;
    const stars = before?.kind === 'chrome' && before.pieces.at(-1)?.kind === 'stars';
    for (const piece of pieces) this.readPiece(piece, urls, stars);
    this.takeLinks(urls);
  }

  private readPiece(piece: Chrome, urls: readonly string[], stars: boolean): void {
    const current = this.current;
    const voted = votedPaper(urls);
    if (piece.kind === 'count') {
      const comments = urls.some(url => new URL(url).hash === '#community');
      if (!stars && !comments) this.readVotes(piece.value, voted);
    } else if (piece.kind === 'separator') {
      // The page writes no upvotes as a dash.
      if (voted || (piece.dash && this.countsFirst)) this.readVotes(null, voted);
    } else if (!current) return;
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
    if (current) current.codeUrl ??= urls.find(isCodeUrl) ?? null;
  }

  private demandAbstract(): void {
    const current = this.current;
    if (!current || current.abstract.length > 0) return;
    const problem = `“${excerpt(current.title)}” has no abstract. ${eachPaper}`;
    throw this.error(current, `${problem}: complete it, or take the title out.`);
  }

  private error({ line }: { readonly line: number }, problem: string): InputError {
    return new InputError(`${this.source}:${line}: ${problem}`);
  }
}

const eachPaper = 'Each paper is a title, a blank line, and its abstract';

function stateOf(paper: CapturedPaper | undefined): Place['above'] {
  if (!paper) return 'none';
  if (paper.abstract.length === 0) return 'title';
  return paper.closed ? 'ended' : 'abstract';
}

function hasCountAboveTitle(items: readonly Item[], mark: TitleMark): boolean {
  const first = items.findIndex(
    item => item.kind === 'text' && (mark.marks === 'nothing' || mark.isTitle(item)),
  );
  return piecesOf(items.slice(0, Math.max(first, 0))).some(
    piece => piece.kind === 'count' || (piece.kind === 'separator' && piece.dash),
  );
}
