/** A mailbox: an address, with a name where there is one. */
export type Mailbox = { readonly name: string | null; readonly address: string };

/** One header line as the wire carries it, folded where it is long. `value` is ASCII. */
export function headerLine(name: string, value: string): string {
  return `${name}: ${value}\r\n`;
}

/** Unstructured text as a header value (RFC 2047 where it is not plain ASCII). */
export function textValue(text: string): string {
  const clean = text.replace(/\s+/g, ' ').trim();
  return isPlain(clean) ? fold(clean) : encodedWords(clean);
}

/** A mailbox as a header value: `"Doe, J." <j@example.org>`. */
export function mailboxValue(mailbox: Mailbox): string {
  const name = mailbox.name?.replace(/\s+/g, ' ').trim();
  if (!name) return `<${mailbox.address}>`;
  if (!isPlain(name)) return `${encodedWords(name)}\r\n <${mailbox.address}>`;
  const phrase = /^[\w !#$%&'*+\-/=?^`{|}~]+$/.test(name)
    ? name
    : `"${name.replace(/["\\]/g, '\\$&')}"`;
  return `${phrase} <${mailbox.address}>`;
}

/** An instant (UTC ms) as a header value: `Wed, 03 Sep 2025 06:00:00 +0000` (RFC 5322 §3.3). */
export function dateValue(instant: number): string {
  return new Date(instant).toUTCString().replace('GMT', '+0000');
}

/** Printable ASCII, without what a mail program would take for an encoded word. */
function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text) && !text.includes('=?');
}

/** Breaks at spaces so that lines stay within 78 characters where words allow it. */
function fold(text: string): string {
  const lines: string[] = [];
  // The first line also holds the header's name; 60 leaves room for all of ours.
  let line = '';
  for (const word of text.split(' ').flatMap(cutLongWord)) {
    if (line !== '' && line.length + 1 + word.length > 60) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\r\n ');
}

/** A line may not pass 998 octets (RFC 5322 §2.1.1); no real word comes near. */
function cutLongWord(word: string): string[] {
  return word.match(/.{1,900}/g) ?? [''];
}

/**
 * RFC 2047 §2: each of whole characters, one a line, and no line with one over 76 characters, the
 * header's name included.
 */
function encodedWords(text: string): string {
  const words: string[] = [];
  let chunk = '';
  for (const character of text) {
    // 39 bytes are 52 characters of base64, 64 with the frame: room for the names of ours.
    if (Buffer.byteLength(chunk + character) > 39) {
      words.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  return [...words, chunk]
    .map(word => `=?utf-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`)
    .join('\r\n ');
}

const hex = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).toUpperCase().padStart(2, '0'),
);

/** Room on a line before the `=` of a soft break (RFC 2045 §6.7: at most 76 characters). */
const room = 75;

/**
 * A text as quoted-printable (RFC 2045 §6.7): 7-bit, lines of at most 76 characters, CRLF. No line
 * starts with a dot or with "From ", so that no dot-stuffing is ever needed; none ends in white space
 * and none has two spaces in a row, so that the body is DKIM-canonical as it is, simple and relaxed
 * alike (RFC 6376 §3.4).
 * `marks` are ASCII strings that stay as they are, each counted as `markWidth` characters.
 */
export function quotedPrintable(
  text: string,
  marks: readonly string[] = [],
  markWidth = 0,
): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map(line => encodeLine(line, marks, markWidth))
    .join('\r\n');
}

function encodeLine(line: string, marks: readonly string[], markWidth: number): string {
  let encoded = '';
  let column = 0;
  const put = (piece: string, width: number) => {
    if (column + width > room) {
      encoded += '=\r\n';
      column = 0;
    }
    const atStart = column === 0 && (piece === '.' || piece === 'F');
    encoded += atStart ? `=${hex[piece.charCodeAt(0)]}` : piece;
    column += atStart ? 3 : width;
  };
  const pieces = splitAtMarks(line, marks);
  for (const [index, piece] of pieces.entries()) {
    if (marks.includes(piece)) put(piece, markWidth);
    else
      for (const token of encodeBytes(piece, index === pieces.length - 1)) put(token, token.length);
  }
  return encoded;
}

function splitAtMarks(line: string, marks: readonly string[]): string[] {
  let pieces = [line];
  for (const mark of marks) {
    pieces = pieces.flatMap(piece => (marks.includes(piece) ? [piece] : separate(piece, mark)));
  }
  return pieces;
}

function separate(text: string, mark: string): string[] {
  return text.split(mark).flatMap((part, index) => (index === 0 ? [part] : [mark, part]));
}

/** A space stays one only between two characters: elsewhere mail systems may change it. */
function* encodeBytes(text: string, endsLine: boolean): Generator<string> {
  const bytes = Buffer.from(text, 'utf8');
  for (const [index, byte] of bytes.entries()) {
    const loneSpace =
      byte === 32 && bytes[index - 1] !== 32 && !(endsLine && index === bytes.length - 1);
    const safe = loneSpace || (byte > 32 && byte <= 126 && byte !== 61);
    yield safe ? String.fromCharCode(byte) : `=${hex[byte]}`;
  }
}
