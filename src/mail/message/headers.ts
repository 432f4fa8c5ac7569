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

/** Printable ASCII, and nothing that a reader would take for an encoded word. */
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
