import type { WireTemplate } from './wire-template.ts';

/** A wire template cut in two. `prefix`: what the body begins with, the same for every reader. */
export type MessageParts = {
  readonly head: WireTemplate;
  readonly prefix: string;
  readonly rest: WireTemplate;
};

/** Cuts a template at the empty line between head and body, which is part of neither. */
export function splitMessage(template: WireTemplate): MessageParts {
  for (const [at, piece] of template.entries()) {
    const cut = typeof piece === 'string' ? piece.indexOf('\r\n\r\n') : -1;
    if (typeof piece !== 'string' || cut === -1) continue;
    return {
      head: [...template.slice(0, at), piece.slice(0, cut + 2)],
      prefix: piece.slice(cut + 4),
      rest: template.slice(at + 1),
    };
  }
  throw new Error('a wire template without a body');
}

/** One header as `relaxed` has it, without a line end (RFC 6376 §3.4.2). */
export function relaxedHeader(name: string, value: string): string {
  return `${name.toLowerCase()}:${value.replace(/[ \t\r\n]+/g, ' ').trim()}`;
}

/** The names for `h=`, in order, and the text of those headers that is signed. */
export type SignedHeaders = { readonly names: readonly string[]; readonly text: WireTemplate };

/**
 * Which headers of `head` are signed: From, as it must be (RFC 6376 §5.4), and those of `wanted`
 * that are there. From is named once more than it is there, so that nobody can add another
 * (RFC 6376 §8.15).
 */
export function signedHeaders(head: WireTemplate, wanted: readonly string[]): SignedHeaders {
  const fields = readFields(head);
  const chosen = ['from', ...wanted.map(name => name.toLowerCase())];
  const found = [...new Set(chosen)].flatMap(key => fields.get(key) ?? []);
  const text = found.map(({ name, value }) => `${relaxedHeader(name, value)}\r\n`).join('');
  return { names: ['From', ...found.map(({ name }) => name)], text: unmarkSlots(text) };
}

type Field = { readonly name: string; readonly value: string };

/** The headers by their names in lower case; there is one of each. */
function readFields(head: WireTemplate): ReadonlyMap<string, Field> {
  const lines = markSlots(head).split(/\r\n(?![ \t])/);
  return new Map(
    lines.map(line => {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      return [name.toLowerCase(), { name, value: line.slice(colon + 1) }];
    }),
  );
}

/** Stands around a slot's name in a text; no template has it, being printable ASCII and CRLF. */
const mark = '\0';

function markSlots(template: WireTemplate): string {
  return template
    .map(piece => (typeof piece === 'string' ? piece : `${mark}${piece.slot}${mark}`))
    .join('');
}

function unmarkSlots(text: string): WireTemplate {
  const slots = ['address', 'reader', 'unsubscribe', 'preferences'] as const;
  return text.split(mark).map((piece, at) => {
    const slot = at % 2 === 1 ? slots.find(name => name === piece) : undefined;
    return slot ? { slot } : piece;
  });
}
