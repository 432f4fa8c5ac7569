import { parseAddress } from '../../lib/address.ts';
import type { WireSlot, WireTemplate } from './wire-template.ts';

/** The values of a template's slots for one reader: ASCII, but for what is before an address's @. */
export type SlotValues = Readonly<Record<WireSlot, string>>;

/** A template ready to be filled many times: its long texts as bytes, made once. */
export type ReadyTemplate = readonly (Buffer | string | { readonly slot: WireSlot })[];

/** Shorter texts are joined with the slots around them: one write is cheaper than five. */
const longText = 2_048;

/** What a slot may carry: printable ASCII without characters that mean something in a header or path. */
const safe = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.@]+$/;

/** A reader's value has a character that would mean something in its place. */
export class UnsafeValueError extends Error {
  override name = 'UnsafeValueError';
}

/** Makes the template's long texts into bytes. Once per edition and worker. */
export function readyTemplate(template: WireTemplate): ReadyTemplate {
  return template.map(piece =>
    typeof piece === 'string' && piece.length >= longText ? Buffer.from(piece, 'latin1') : piece,
  );
}

/** Whether the template has this slot: otherwise its value need not be computed. */
export function hasSlot(template: ReadyTemplate, slot: WireSlot): boolean {
  return template.some(
    piece => typeof piece === 'object' && !Buffer.isBuffer(piece) && piece.slot === slot,
  );
}

/**
 * One reader's message, as segments to be written one after the other: the shared bytes are not
 * copied. Microseconds; called for every delivery.
 * @throws UnsafeValueError where a value would not be safe in its place: nothing may be sent.
 */
export function fill(template: ReadyTemplate, values: SlotValues): Buffer[] {
  const segments: Buffer[] = [];
  let text = '';
  for (const piece of template) {
    if (typeof piece === 'string') {
      text += piece;
    } else if (Buffer.isBuffer(piece)) {
      if (text !== '') segments.push(Buffer.from(text, 'latin1'));
      text = '';
      segments.push(piece);
    } else {
      text += safeValue(values[piece.slot], piece.slot);
    }
  }
  if (text !== '') segments.push(Buffer.from(text, 'latin1'));
  return segments;
}

/** The value with a character for each octet, like all texts of a message here. */
function safeValue(value: string, slot: WireSlot): string {
  if (safe.test(value)) return value;
  // A header carries an address beyond ASCII as it is, in UTF-8 (RFC 6532 §3.2).
  const address = slot === 'address' ? parseAddress(value) : null;
  if (address?.ok && address.value.address === value) return Buffer.from(value).toString('latin1');
  throw new UnsafeValueError(`the ${slot} of a message is not safe to send`);
}

/** The size of a message in octets. */
export function sizeOf(segments: readonly Buffer[]): number {
  return segments.reduce((size, segment) => size + segment.length, 0);
}
