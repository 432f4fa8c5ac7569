import { createHash } from 'node:crypto';
import type { Rendered } from '../render/rendered.ts';
import { dateValue, headerLine, type Mailbox, mailboxValue, textValue } from './headers.ts';
import { quotedPrintable } from './quoted-printable.ts';

/**
 * What differs from reader to reader. `address`: the recipient; `reader`: the subscriber's number
 * in the Message-ID; the tokens: 42 base64url characters each. All are ASCII, safe unencoded.
 */
export type Slot = 'address' | 'reader' | 'unsubscribe' | 'preferences';

/** A message's exact bytes but for the slots: ASCII, CRLF, nothing to be dot-stuffed. */
export type WireTemplate = readonly (string | { readonly slot: Slot })[];

/** What a message says about its sender, the same for every edition of an installation. */
export type Sender = {
  readonly from: Mailbox;
  readonly replyTo: Mailbox | null;
  /** The list's name in List-Id. */
  readonly listName: string;
  /** Where one leaves with one click, without the token: `https://host/unsubscribe/`; or null. */
  readonly unsubscribeBase: string | null;
};

const tokenWidth = 42;

/**
 * Encodes a rendered edition once for all readers: multipart/alternative, text first, always
 * quoted-printable. `seed` (ASCII letters and digits) makes the Message-IDs of this edition.
 */
export function buildWireTemplate(
  rendered: Rendered,
  sender: Sender,
  { sentAt, seed }: { sentAt: number; seed: string },
): WireTemplate {
  const marks = markNames(rendered);
  const text = encodePart('text/plain', rendered.text, marks);
  const html = encodePart('text/html', rendered.html, marks);
  const boundary = `=_${createHash('sha256').update(text).update(html).digest('hex').slice(0, 32)}`;
  const part = (body: string) => `--${boundary}\r\n${body}\r\n`;
  const body = `${part(text)}${part(html)}--${boundary}--\r\n`;
  const headers = editionHeaders(rendered, sender, { sentAt, seed, boundary });
  return [...headers, '\r\n', ...cutAtMarks(body, marks)].reduce(joinText, []);
}

function editionHeaders(
  { subject }: Rendered,
  sender: Sender,
  { sentAt, seed, boundary }: { sentAt: number; seed: string; boundary: string },
): WireTemplate {
  const domain = domainOf(sender.from.address);
  const label = sender.listName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return [
    headerLine('From', mailboxValue(sender.from)),
    'To: <',
    { slot: 'address' },
    '>\r\n',
    sender.replyTo ? headerLine('Reply-To', mailboxValue(sender.replyTo)) : '',
    headerLine('Subject', textValue(subject)),
    headerLine('Date', dateValue(sentAt)),
    `Message-ID: <${seed}.`,
    { slot: 'reader' },
    `@${domain}>\r\n`,
    headerLine(
      'List-Id',
      mailboxValue({ name: sender.listName, address: `${label || 'papers'}.${domain}` }),
    ),
    ...leavingHeaders(sender),
    headerLine('MIME-Version', '1.0'),
    headerLine('Content-Type', `multipart/alternative;\r\n boundary="${boundary}"`),
  ];
}

/** RFC 2369 §3.2, and RFC 8058 §3.1 where there is an https address that one click can reach. */
function leavingHeaders(sender: Sender): WireTemplate {
  // RFC 6068 §2: in an address only letters, digits and some marks stand for themselves.
  const mailto = encodeURIComponent((sender.replyTo ?? sender.from).address).replace('%40', '@');
  const byMail: WireTemplate = [
    `<mailto:${mailto}?subject=unsubscribe%20`,
    { slot: 'unsubscribe' },
    '>\r\n',
  ];
  if (!sender.unsubscribeBase) return ['List-Unsubscribe: ', ...byMail];
  const byClick: WireTemplate = [`<${sender.unsubscribeBase}`, { slot: 'unsubscribe' }, '>,\r\n '];
  const post = sender.unsubscribeBase.startsWith('https:')
    ? headerLine('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click')
    : '';
  return ['List-Unsubscribe: ', ...byClick, ...byMail, post];
}

function encodePart(type: string, content: string, marks: ReadonlyMap<string, Slot>): string {
  const head =
    headerLine('Content-Type', `${type}; charset=utf-8`) +
    headerLine('Content-Transfer-Encoding', 'quoted-printable');
  return `${head}\r\n${quotedPrintable(content.trimEnd(), [...marks.keys()], tokenWidth)}`;
}

function markNames({ slots }: Rendered): ReadonlyMap<string, Slot> {
  const marks = new Map<string, Slot>([[slots.unsubscribe, 'unsubscribe']]);
  if (slots.preferences) marks.set(slots.preferences, 'preferences');
  return marks;
}

function cutAtMarks(text: string, marks: ReadonlyMap<string, Slot>): WireTemplate {
  const pattern = new RegExp(`(${[...marks.keys()].join('|')})`);
  return text.split(pattern).map(piece => {
    const slot = marks.get(piece);
    return slot ? { slot } : piece;
  });
}

function joinText(joined: WireTemplate[number][], piece: WireTemplate[number]) {
  const last = joined.at(-1);
  if (typeof piece === 'string' && typeof last === 'string')
    joined[joined.length - 1] = last + piece;
  else joined.push(piece);
  return joined;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
