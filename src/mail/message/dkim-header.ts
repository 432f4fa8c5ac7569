import { relaxedHeader } from './dkim-canonical.ts';

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
