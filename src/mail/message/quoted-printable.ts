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
