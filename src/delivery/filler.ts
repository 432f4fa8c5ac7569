import type { Runtime } from '../lib/runtime.ts';
import { createSigner, type DkimKey } from '../mail/message/dkim.ts';
import {
  fill,
  hasSlot,
  readyTemplate,
  type SlotValues,
  UnsafeValueError,
} from '../mail/message/fill.ts';
import type { WireTemplate } from '../mail/message/wire-template.ts';
import { makeToken } from '../readers/token.ts';
import type { Database } from '../store/database.ts';
import type { DeliveryClaim } from '../store/deliveries.ts';
import { editionWire, type StoredEdition } from '../store/editions.ts';
import type { LinkKey } from '../store/settings.ts';
import type { Filled } from './lane.ts';

/** What it takes to make messages. */
export type FillerParts = {
  readonly db: Database;
  readonly runtime: Runtime;
  readonly linkKeys: readonly LinkKey[];
  /** Null where messages are not signed. */
  readonly dkim?: DkimKey | null;
};

/**
 * Makes an edition's messages, one by one: the per-reader work, microseconds. Reads the edition's
 * stored bytes, so that every worker sends the same, also after an upgrade.
 */
export async function createFiller(
  { db, runtime, linkKeys, dkim }: FillerParts,
  edition: StoredEdition,
): Promise<(claim: DeliveryClaim) => Promise<Filled>> {
  const wire: WireTemplate = JSON.parse(await editionWire(db, edition.id));
  const template = readyTemplate(wire);
  const key = linkKeys.find(({ id }) => id === edition.linkKeyId);
  if (!key) throw new Error(`the link key ${edition.linkKeyId} of edition ${edition.id} is gone`);
  const withPreferences = hasSlot(template, 'preferences');
  const valuesOf = ({ address, subscriberId, tokenCounter }: DeliveryClaim): SlotValues => ({
    address,
    reader: subscriberId.toString(36),
    unsubscribe: makeToken(key, 'unsubscribe', subscriberId, tokenCounter),
    preferences: withPreferences ? makeToken(key, 'preferences', subscriberId, tokenCounter) : '',
  });
  const sign = dkim && createSigner(wire, { ...dkim, now: runtime.now });
  return async claim => {
    const values = valuesOf(claim);
    try {
      const segments = fill(template, values);
      return sign ? [await sign(values), ...segments] : segments;
    } catch (error) {
      if (!(error instanceof UnsafeValueError)) throw error;
      const { editionId, subscriberId } = claim;
      runtime.log.error({ editionId, subscriberId, error: error.message }, 'not sendable');
      return 'never';
    }
  };
}
