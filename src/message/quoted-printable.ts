const hex = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).toUpperCase().padStart(2, '0'),
);

/** Room on a line before the `=` of a soft break (RFC 2045 §6.7: at most 76 characters). */
const room = 75;

/**
 * A text as quoted-printable (RFC 2045 §6.7): 7-bit, lines of at most 76 characters, CRLF. No line
 * starts with a dot or with "From ", so that no dot-stuffing is ever needed, and none ends in white
 * space, so that the body is DKIM-canonical as it is (RFC 6376 §3.4.3).
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
    const safe = atStart ? `=${hex[piece.charCodeAt(0)]}` : piece;
    encoded += safe;
    column += atStart ? 3 : width;
  };
  for (const piece of splitAtMarks(line, marks)) {
    if (marks.includes(piece)) put(piece, markWidth);
    else for (const token of encodeBytes(piece)) put(token, token.length);
  }
  return protectLastSpace(encoded);
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

function* encodeBytes(text: string): Generator<string> {
  for (const byte of Buffer.from(text, 'utf8')) {
    const safe = (byte >= 32 && byte <= 126 && byte !== 61) || byte === 9;
    yield safe ? String.fromCharCode(byte) : `=${hex[byte]}`;
  }
}

function protectLastSpace(line: string): string {
  const last = line.at(-1);
  if (last === ' ') return `${line.slice(0, -1)}=20`;
  if (last === '\t') return `${line.slice(0, -1)}=09`;
  return line;
}
