import type { Slot, WireTemplate } from './wire-template.ts';

/** The values of a template's slots for one reader. */
export type SlotValues = Readonly<Record<Slot, string>>;

/** A template ready to be filled many times: its text as bytes, made once. */
export type ReadyTemplate = readonly (Buffer | { readonly slot: Slot })[];

/** What a slot may carry: printable ASCII without what means something in a header or a path. */
const safe = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.@]+$/;

/** Makes the template's text into bytes. Once per edition and worker. */
export function readyTemplate(template: WireTemplate): ReadyTemplate {
  return template.map(piece => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece));
}

/**
 * One reader's message, as segments to be written one after the other: the shared bytes are not
 * copied. Microseconds; called for every delivery.
 * @throws Error where a value would not be safe in its place: nothing of it may be sent.
 */
export function fill(template: ReadyTemplate, values: SlotValues): Buffer[] {
  return template.map(piece => {
    if (Buffer.isBuffer(piece)) return piece;
    const value = values[piece.slot];
    if (!safe.test(value)) throw new Error(`the ${piece.slot} of a message is not safe to send`);
    return Buffer.from(value, 'latin1');
  });
}

/** The size of a message in octets. */
export function sizeOf(segments: readonly Buffer[]): number {
  return segments.reduce((size, segment) => size + segment.length, 0);
}
