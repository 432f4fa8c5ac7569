import { createHash } from 'node:crypto';
import type { Digest } from '../digest/digest.ts';
import { composeEdition } from '../edition/compose.ts';
import type { Edition, EditionKind } from '../edition/edition.ts';
import { editionPath } from '../edition/edition.ts';
import { applyEdits, type EditOptions, type Edits, readEditOptions } from '../edition/edits.ts';
import { type Explained, pickPapers } from '../edition/pick.ts';
import type { Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Masthead, Rendered } from '../mail/render/rendered.ts';
import type { Renderer } from '../mail/render/renderer.ts';
import type { StoredEdition } from '../store/editions.ts';
import { findCandidates, type Memory, noMemory } from './candidates.ts';

/** Which edition is wanted: all that whoever makes one has to say. */
export type EditionRequest = {
  readonly kind: EditionKind;
  /** The local day it is published. */
  readonly date: Day;
  readonly digest: Digest;
  /** How many papers to pick. */
  readonly papers: number;
  /** Listed on the web; daily and weekly editions always are. */
  readonly public?: boolean | undefined;
  /** Pick also what earlier editions carried. */
  readonly startOver?: boolean | undefined;
  /** What an editor changes of it. */
  readonly edits?: Edits | undefined;
  /** The same as it was typed on the command line, in place of `edits`. */
  readonly editOptions?: EditOptions | undefined;
  /** When it begins (UTC ms); at once where left out. */
  readonly sendAt?: number | undefined;
};

/** An edition that was chosen and composed, and not rendered yet. */
export type Chosen = {
  readonly request: EditionRequest;
  /** Every paper it may be made of, with the reason why the picker takes it or not. */
  readonly candidates: readonly Explained[];
  readonly edition: Edition;
  /** What makes it the same edition, see `editionKey()`. */
  readonly key: string;
};

/** An edition that was thought through; nothing is stored yet. */
export type Prepared = Chosen & {
  readonly rendered: Rendered;
  /** The same edition, where it was published before. */
  readonly existing: StoredEdition | null;
};

/** Nothing to publish, and why. */
export type NothingNew = Pick<Chosen, 'candidates'> & {
  readonly edition: null;
  readonly reason: string;
};

/** What editions are prepared with. */
export type PrepareParts = {
  readonly memory: Memory;
  readonly renderer: Renderer;
  readonly masthead: Masthead;
  readonly runtime: Pick<Runtime, 'log'>;
};

/**
 * Picks, edits and composes. Reads the memory only.
 * Throws an InputError where what an editor wants cannot be.
 */
export async function choose(
  { memory, masthead: { name } }: Pick<PrepareParts, 'memory' | 'masthead'>,
  request: EditionRequest,
): Promise<Chosen | NothingNew> {
  const { kind, date, papers: count, editOptions } = request;
  const found = await findCandidates(request.startOver ? noMemory : memory, request);
  const { digest, carried, late } = found;
  const picked = pickPapers(digest, { carried, late, count });
  const edits = editOptions
    ? readEditOptions(editOptions, digest, picked, count)
    : (request.edits ?? {});
  if (picked.picks.length === 0 && !edits.picks) {
    const reason = `nothing new: all ${digest.papers.length} papers of ${digest.date} were carried by earlier editions`;
    return { candidates: picked.explained, edition: null, reason };
  }
  const { picks, rest } = applyEdits(digest, picked, edits);
  const { subject, preheader, intro } = edits;
  const words = { name, subject, preheader, intro };
  const made = { kind, date, digest, late: late.length, picks, rest };
  const edition = composeEdition({ ...made, ...words });
  return { request, candidates: picked.explained, edition, key: editionKey(edition, edits) };
}

/** Chooses and renders: all that is done once. Reads the memory only. Throws an InputError. */
export async function prepare(
  parts: PrepareParts,
  request: EditionRequest,
): Promise<Prepared | NothingNew> {
  const chosen = await choose(parts, request);
  if (chosen.edition === null) return chosen;
  const { kind, date } = request;
  const { edition, rendered } = await renderWhole(parts, chosen.edition, chosen.key);
  if (rendered.trimmed.length > 0) {
    parts.runtime.log.info({ kind, date, trimmed: rendered.trimmed }, 'left out to stay in size');
  }
  const existing = await parts.memory.find({ kind, date, key: chosen.key });
  return { ...chosen, edition, rendered, existing };
}

/** What was prepared. Throws an InputError with the reason where nothing is new. */
export function somethingNew(prepared: Prepared | NothingNew): Prepared {
  if (prepared.edition === null) throw new InputError(prepared.reason);
  return prepared;
}

/** An edition as a mail, and what of it there was room for. */
export async function renderWhole(
  { renderer, masthead }: Pick<PrepareParts, 'renderer' | 'masthead'>,
  whole: Edition,
  key: string,
): Promise<Pick<Prepared, 'edition' | 'rendered'>> {
  const path = editionPath(whole, key);
  const rendered = await renderer.renderEdition(whole, masthead, { path });
  // What did not fit was not carried, and may come tomorrow.
  return { edition: { ...whole, picks: whole.picks.slice(0, rendered.picks) }, rendered };
}

/**
 * What makes an edition "the same" beside its kind and date. Daily and weekly: nothing more, so
 * there is one a day. Manual: its digest's day, picks, subject, intro and what an editor wrote, as
 * 16 hex digits; the audience is no part of it. The key is also the edition's unlisted address on the web.
 */
export function editionKey(edition: Edition, edits: Edits = {}): string {
  if (edition.kind !== 'manual') return '';
  const identity = [
    edition.date,
    edition.digestDate,
    edition.subject,
    edition.intro,
    edition.picks.map(({ paper }) => paper.titleKey),
    ...writtenIn(edition, edits),
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
}

/** The editor's words beside subject and intro; nothing where there are none. */
function writtenIn({ picks, preheader }: Edition, edits: Edits): readonly unknown[] {
  const papers = picks
    .map(({ paper, summary, note }) => {
      const title = edits.papers?.[paper.titleKey]?.title?.trim() ? paper.title : null;
      return [title, summary ?? null, note ?? null];
    })
    .map(words => (words.some(word => word !== null) ? words : null));
  const given = edits.preheader?.trim() ? preheader : null;
  return given === null && papers.every(words => words === null) ? [] : [given, papers];
}
