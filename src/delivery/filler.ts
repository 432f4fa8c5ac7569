import { createSigner } from '../mail/message/dkim.ts';
import { fill, hasSlot, readyTemplate, type SlotValues } from '../mail/message/fill.ts';
import type { WireTemplate } from '../mail/message/wire-template.ts';
import { makeToken } from '../readers/token.ts';
import type { Claim } from '../store/deliveries.ts';
import { editionWire, type StoredEdition } from '../store/editions.ts';
import type { WorkerParts } from './worker-parts.ts';

/**
 * Makes an edition's messages, one by one: the per-reader work, microseconds. Reads the edition's
 * stored bytes, so that every worker sends the same, also after an upgrade.
 */
export async function createFiller(
  { db, runtime, linkKeys, dkim }: WorkerParts,
  edition: StoredEdition,
): Promise<(claim: Claim) => Buffer[] | Promise<Buffer[]>> {
  const wire: WireTemplate = JSON.parse(await editionWire(db, edition.id));
  const template = readyTemplate(wire);
  const key = linkKeys.find(({ id }) => id === edition.linkKeyId);
  if (!key) throw new Error(`the link key ${edition.linkKeyId} of edition ${edition.id} is gone`);
  const withPreferences = hasSlot(template, 'preferences');
  const valuesOf = ({ address, subscriberId, tokenCounter }: Claim): SlotValues => ({
    address,
    reader: subscriberId.toString(36),
    unsubscribe: makeToken(key, 'unsubscribe', subscriberId, tokenCounter),
    preferences: withPreferences ? makeToken(key, 'preferences', subscriberId, tokenCounter) : '',
  });
  if (!dkim) return claim => fill(template, valuesOf(claim));
  const sign = createSigner(wire, { ...dkim, now: runtime.now });
  return async claim => {
    const values = valuesOf(claim);
    const segments = fill(template, values);
    return [await sign(values), ...segments];
  };
}
