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

type HeaderField = { readonly name: string; readonly value: string };

/** The headers by their names in lower case; there is one of each. */
function readFields(head: WireTemplate): ReadonlyMap<string, HeaderField> {
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

/** What a signature says that is the same in every message of an edition. */
export type SignatureTags = {
  readonly domain: string;
  readonly selector: string;
  /** For `h=`, in the order in which they were hashed. */
  readonly names: readonly string[];
};

/** The DKIM-Signature header of one message, without what the signature will be. */
export type Unsigned = {
  /** As it is signed: canonical, with an empty `b=`, no line end (RFC 6376 §3.7). */
  readonly canonical: string;
  /** The whole header with its line end, given the signature. */
  readonly withSignature: (signature: Buffer) => Buffer;
};

/** The longest line, in characters. */
const width = 76;

/**
 * Writes all of the header (RFC 6376 §3.5) that is the same in every message, once; the function
 * it returns adds the rest: the instant (UTC ms) and the body's hash in base64. Lines have at most
 * 76 characters, a very long domain or selector aside.
 */
export function signatureHeader({ domain, selector, names }: SignatureTags) {
  const list = names.map((name, at) => (at < names.length - 1 ? `${name}:` : `${name};`));
  const tags = [' v=1;', ' a=rsa-sha256;', ' c=relaxed/relaxed;', ` d=${domain};`];
  const [first = '', ...others] = list;
  const name = 'DKIM-Signature';
  const folded = fold([`${name}:`, ...tags, ` s=${selector};`, ` h=${first}`, ...others]);
  const canonicalStart = relaxedHeader(name, folded.slice(name.length + 1));

  return (instant: number, bodyHash: string): Unsigned => {
    const own = `t=${Math.floor(instant / 1000)}; bh=${bodyHash};`;
    return {
      canonical: `${canonicalStart} ${own} b=`,
      withSignature: signature =>
        Buffer.from(`${folded}\r\n ${own}\r\n b=${foldBase64(signature)}\r\n`, 'latin1'),
    };
  };
}

/** Joins pieces, breaking the line before one that no longer fits. */
function fold(pieces: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line.length + piece.length > width) {
      lines.push(line);
      line = ` ${piece.trimStart()}`;
    } else {
      line += piece;
    }
  }
  return [...lines, line].join('\r\n');
}

function foldBase64(bytes: Buffer): string {
  // Room for " b=" on the first line.
  const pieces = bytes.toString('base64').match(/.{1,73}/g) ?? [];
  return pieces.join('\r\n ');
}
