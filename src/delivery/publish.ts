import type { Digest } from '../digest/digest.ts';
import { composeEdition } from '../edition/compose.ts';
import type { Edition, EditionKind } from '../edition/edition.ts';
import { editionPath } from '../edition/edition-path.ts';
import { applyEdits, type Edits } from '../edition/edits.ts';
import { type Picked, pickPapers } from '../edition/pick.ts';
import type { Day } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { DkimKey } from '../mail/message/dkim.ts';
import {
  buildWireTemplate,
  type Sender,
  type WireTemplate,
} from '../mail/message/wire-template.ts';
import type { Masthead, Rendered } from '../mail/render/rendered.ts';
import type { Renderer } from '../mail/render/renderer.ts';
import { addNamed, beginFreezing } from '../store/audience.ts';
import type { Database } from '../store/database.ts';
import {
  beginNow,
  findEdition,
  getEdition,
  insertEdition,
  replaceScheduled,
  type StoredEdition,
} from '../store/editions.ts';
import { recordSeen } from '../store/papers.ts';
import type { LinkKey } from '../store/settings.ts';
import { type Candidates, findCandidates, startingOver } from './candidates.ts';
import { editionKey } from './edition-key.ts';
import { freeze } from './freeze.ts';

/** What is to be published. */
export type Order = {
  readonly kind: EditionKind;
  /** The local day it is published. */
  readonly date: Day;
  readonly digest: Digest;
  /** How many papers to pick. */
  readonly papers: number;
  readonly subject?: string | undefined;
  readonly intro?: string | undefined;
  /** Listed on the web; daily and weekly editions always are. */
  readonly public?: boolean | undefined;
  /** Pick also what earlier editions carried. */
  readonly startOver?: boolean | undefined;
  /** What an editor changes of it. */
  readonly edits?: Edits | undefined;
  /** When it begins (UTC ms); at once where left out. */
  readonly at?: number | undefined;
};

/** An order that was thought through; nothing is stored yet. */
export type Prepared = {
  readonly edition: Edition;
  /** The day's digest that was ordered. */
  readonly digest: Digest;
  readonly rendered: Rendered;
  readonly wire: WireTemplate;
  readonly key: string;
  readonly public: boolean;
  /** The same edition, where it was published before. */
  readonly existing: StoredEdition | null;
};

/** Nothing to publish, and why. */
export type NothingNew = { readonly edition: null; readonly reason: string };

/** What publishing works with. */
export type Publishing = {
  readonly db: Database;
  readonly runtime: Runtime;
  readonly renderer: Renderer;
  readonly masthead: Masthead;
  readonly sender: Sender;
  /** Null where messages are not signed. */
  readonly dkim: DkimKey | null;
  readonly linkKey: LinkKey;
};

/** What an order may be picked from, and what the picker would take. Reads the database only. */
export async function choose(
  { db }: Pick<Publishing, 'db'>,
  order: Order,
): Promise<Candidates & { readonly picked: Picked }> {
  const found = order.startOver ? startingOver(order.digest) : await findCandidates(db, order);
  return { ...found, picked: pickPapers(found.digest, { ...found, count: order.papers }) };
}

/** The edition that an order comes to, before it is rendered. Reads the database only. */
export async function composeOrder(
  app: Pick<Publishing, 'db' | 'masthead'>,
  order: Order,
): Promise<{ readonly edition: Edition; readonly key: string } | NothingNew> {
  const { kind, date } = order;
  const found = await choose(app, order);
  const { edits = {} } = order;
  if (found.picked.picks.length === 0 && !edits.picks) return nothingNew(found.digest);
  const { picks, rest } = applyEdits(found.digest, found.picked, edits);

  const { subject, intro } = { ...order, ...given(edits) };
  const name = app.masthead.name;
  const edition = composeEdition({
    kind,
    date,
    digest: found.digest,
    late: found.late.length,
    picks,
    rest,
    name,
    subject,
    preheader: edits.preheader,
    intro,
  });
  return { edition, key: editionKey(edition, edits) };
}

/** Picks, composes, renders and encodes: all that is done once. Reads the database only. */
export async function prepare(app: Publishing, order: Order): Promise<Prepared | NothingNew> {
  const { kind, date, digest, at } = order;
  const composed = await composeOrder(app, order);
  if (composed.edition === null) return composed;
  const { edition: whole, key } = composed;
  const rendered = await app.renderer.renderEdition(whole, app.masthead, {
    path: editionPath(whole, key),
  });
  if (rendered.trimmed.length > 0) {
    app.runtime.log.info({ kind, date, trimmed: rendered.trimmed }, 'left out to stay in size');
  }
  // What did not fit was not carried, and may come tomorrow.
  const edition = { ...whole, picks: whole.picks.slice(0, rendered.picks) };
  const seed = app.runtime.random(10).toString('hex');
  const wire = buildWireTemplate(rendered, app.sender, { sentAt: at ?? app.runtime.now(), seed });
  const existing = await findEdition(app.db, { kind, date, key });
  const listed = kind !== 'manual' || order.public === true;
  return { edition, digest, rendered, wire, key, public: listed, existing };
}

/** What of the words an editor gave; what is left out is as the order says. */
function given({ subject, intro }: Edits): Pick<Edits, 'subject' | 'intro'> {
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(intro === undefined ? {} : { intro }),
  };
}

function nothingNew({ papers, date }: Digest): NothingNew {
  const reason = `nothing new: all ${papers.length} papers of ${date} were carried by earlier editions`;
  return { edition: null, reason };
}

/** Everybody the edition is for, or only these subscribers. */
export type For = 'readers' | { readonly named: readonly number[] };

/** How an edition is published. */
export type How = {
  /** A new edition on purpose, also where the same one is there. */
  readonly again?: boolean;
  /** It is only stored, and begins then (UTC ms). */
  readonly at?: number | null;
  /** The scheduled edition whose place it takes, with its words and its time. */
  readonly replaces?: number | null;
};

/**
 * Stores the edition, once whoever asks and however often, and freezes its audience into
 * deliveries. Asked again it adds the deliveries that are missing. Resumable at every point. One
 * that is scheduled already stays as it is, unless it is this one that is to be replaced.
 * @returns the edition's id; the lanes do the rest.
 */
export async function publish(
  app: Publishing,
  prepared: Prepared,
  audience: For,
  { again = false, at = null, replaces = null }: How = {},
): Promise<number> {
  const { edition, digest } = prepared;
  // What a later look finds on the same list came too late, and may come tomorrow.
  if (edition.kind === 'daily') await recordSeen(app.db, digest, app.runtime.now());
  if (replaces !== null && !(await replace(app, prepared, replaces, at))) return replaces;
  const editionId = replaces ?? (await storeOnce(app, prepared, audience, { again, at }));
  if (at !== null) return editionId;
  const now = app.runtime.now();
  const expiresAt = expiry(edition.kind, now);
  if (replaces !== null) await beginNow(app.db, editionId, now);
  if (audience === 'readers') {
    await beginFreezing(app.db, editionId, expiresAt);
    await freeze(app.db, app.runtime, editionId);
  } else {
    await refuseScheduled(app, editionId);
    await addNamed(app.db, editionId, audience.named, expiresAt);
  }
  return editionId;
}

/** For some readers alone it cannot begin: with its time it would not come for the others. */
async function refuseScheduled({ db }: Publishing, id: number): Promise<void> {
  const stored = await getEdition(db, id);
  if (stored?.status !== 'scheduled') return;
  throw new InputError(
    `edition ${id} is scheduled for all readers: cancel it first (paperround editions cancel ${id}), or send a new one with --again`,
  );
}

const hour = 3_600_000;

/** A daily edition is not worth reading a day late; the others have three. UTC ms. */
function expiry(kind: EditionKind, now: number): number {
  return now + (kind === 'daily' ? 24 : 72) * hour;
}

/** All that is stored of an edition; `at`: as in `How`. */
function toStore(app: Publishing, prepared: Prepared, at: number | null) {
  const { edition, wire, key, public: listed } = prepared;
  return {
    key,
    content: edition,
    wire: JSON.stringify(wire),
    linkKeyId: app.linkKey.id,
    audience: 'readers' as const,
    public: listed,
    expiresAt: expiry(edition.kind, at ?? app.runtime.now()),
    sendAt: at,
  };
}

/** @returns whether it did; not where the other has begun, as the very same. Else throws. */
async function replace(
  app: Publishing,
  prepared: Prepared,
  id: number,
  at: number | null,
): Promise<boolean> {
  const sendAt = at ?? app.runtime.now();
  if (await replaceScheduled(app.db, id, { ...toStore(app, prepared, sendAt), sendAt }))
    return true;
  const begun = await getEdition(app.db, id);
  const same = JSON.stringify(begun?.content) === JSON.stringify(prepared.edition);
  if (begun && begun.status !== 'cancelled' && same) return false;
  throw new InputError(`edition ${id} is ${begun?.status} meanwhile, so it cannot be changed`);
}

async function storeOnce(
  app: Publishing,
  prepared: Prepared,
  audience: For,
  { again, at }: { readonly again: boolean; readonly at: number | null },
): Promise<number> {
  const { kind, date } = prepared.edition;
  for (let copy = 1; ; copy += 1) {
    const key = copy === 1 ? prepared.key : `${prepared.key}-${copy}`;
    const identity = { kind, date, key };
    const stored = toStore(app, prepared, at);
    const whose = audience === 'readers' ? 'readers' : 'named';
    const id = await insertEdition(app.db, { ...stored, key, audience: whose }, app.runtime.now());
    if (id !== null) return id;
    if (again) continue;
    const existing = await findEdition(app.db, identity);
    if (existing) return existing.id;
    // It was cancelled between the two: the key is free again.
    copy -= 1;
  }
}
