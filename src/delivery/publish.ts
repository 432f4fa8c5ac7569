import type { EditionKind } from '../edition/edition.ts';
import { InputError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { DkimKey } from '../mail/message/dkim.ts';
import { buildWireTemplate, type Sender } from '../mail/message/wire-template.ts';
import { addNamed, beginFreezing } from '../store/audience.ts';
import {
  beginNow,
  findEdition,
  getEdition,
  insertEdition,
  type NewEdition,
  replaceScheduled,
} from '../store/editions.ts';
import { recordSeen } from '../store/papers.ts';
import type { LinkKey } from '../store/settings.ts';
import { type AudienceParts, freeze, importLists } from './freeze.ts';
import type { Prepared, PrepareParts } from './prepare.ts';

/** What publishing works with. */
export type Publishing = AudienceParts &
  PrepareParts & {
    readonly runtime: Runtime;
    readonly sender: Sender;
    /** Null where messages are not signed. */
    readonly dkim: DkimKey | null;
    readonly linkKey: LinkKey;
    /** The folder of the mails' templates. */
    readonly templates: string;
  };

/** Everybody the edition is for, or only these subscribers. */
export type For = 'readers' | { readonly named: readonly number[] };

/** How an edition is published. */
export type How = {
  /** A new edition on purpose, also where the same one is there. */
  readonly again?: boolean;
  /** The scheduled edition whose place it takes, with its words and its time. */
  readonly replaces?: number | null;
};

/**
 * Stores the edition, once whoever asks and however often, and freezes its audience into
 * deliveries, list files that changed included. Asked again it adds the deliveries that are missing.
 * Resumable at every point. One with a `sendAt` is only stored. One that is scheduled already stays
 * as it is, unless it is this one that is to be replaced.
 * @returns the edition's id; the lanes do the rest.
 */
export async function publish(
  app: Publishing,
  prepared: Prepared,
  audience: For,
  { again = false, replaces = null }: How = {},
): Promise<number> {
  const { kind, digest, sendAt } = prepared.request;
  if (audience === 'readers' && sendAt === undefined) await importLists(app);
  // What a later look finds on the same list came too late, and may come tomorrow.
  if (kind === 'daily') await recordSeen(app.db, digest, app.runtime.now());
  if (replaces !== null && !(await replace(app, prepared, replaces))) return replaces;
  const editionId = replaces ?? (await storeOnce(app, prepared, audience, again));
  if (sendAt !== undefined) return editionId;
  const now = app.runtime.now();
  const expiresAt = expiry(kind, now);
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

/** All that is stored of an edition that begins at `sendAt` (UTC ms; null: at once). */
function toStore(app: Publishing, prepared: Prepared, sendAt: number | null): NewEdition {
  const { request, edition, rendered, key } = prepared;
  const { runtime, sender } = app;
  const begins = sendAt ?? runtime.now();
  const seed = runtime.random(10).toString('hex');
  return {
    key,
    content: edition,
    wire: JSON.stringify(buildWireTemplate(rendered, sender, { sendAt: begins, seed })),
    linkKeyId: app.linkKey.id,
    audience: 'readers',
    public: edition.kind !== 'manual' || request.public === true,
    expiresAt: expiry(edition.kind, begins),
    sendAt,
  };
}

/** @returns whether it did; not where the other has begun, as the very same. Else throws. */
async function replace(app: Publishing, prepared: Prepared, id: number): Promise<boolean> {
  const sendAt = prepared.request.sendAt ?? app.runtime.now();
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
  again: boolean,
): Promise<number> {
  const { kind, date } = prepared.edition;
  const stored = toStore(app, prepared, prepared.request.sendAt ?? null);
  const whose = audience === 'readers' ? 'readers' : 'named';
  for (let copy = 1; ; copy += 1) {
    const key = copy === 1 ? prepared.key : `${prepared.key}-${copy}`;
    const id = await insertEdition(app.db, { ...stored, key, audience: whose }, app.runtime.now());
    if (id !== null) return id;
    if (again) continue;
    const existing = await findEdition(app.db, { kind, date, key });
    if (existing) return existing.id;
    // It was cancelled between the two: the key is free again.
    copy -= 1;
  }
}
