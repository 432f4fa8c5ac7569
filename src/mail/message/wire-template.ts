import { createHash } from 'node:crypto';
import type { Rendered } from '../render/rendered.ts';
import {
  dateValue,
  headerLine,
  type Mailbox,
  mailboxValue,
  quotedPrintable,
  textValue,
} from './encoding.ts';

/**
 * What differs from reader to reader. `address`: the recipient; `reader`: the subscriber's number
 * in the Message-ID; the tokens: 42 base64url characters each. All are ASCII, safe unencoded.
 */
export type WireSlot = 'address' | 'reader' | 'unsubscribe' | 'preferences';

/** A message's exact bytes but for the slots: ASCII, CRLF, nothing to be dot-stuffed. */
export type WireTemplate = readonly (string | { readonly slot: WireSlot })[];

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
  { sendAt, seed }: { sendAt: number; seed: string },
): WireTemplate {
  const { boundary, body } = encodeBody(rendered, markNames(rendered));
  const id: WireTemplate = [`${seed}.`, { slot: 'reader' }];
  const headers = [
    ...messageHeaders(rendered.subject, sender, { sendAt, id }),
    headerLine('List-Id', listId(sender)),
    ...leavingHeaders(sender),
    ...bodyHeaders(boundary),
  ];
  return [...headers, '\r\n', ...body].reduce(joinText, []);
}

/**
 * Encodes a mail to one person that is no edition: what it says is ready, and its address is its
 * only slot. `id` (ASCII letters, digits and full stops) makes its Message-ID, the same at each try.
 */
export function buildNoticeTemplate(
  content: { readonly subject: string; readonly html: string; readonly text: string },
  sender: Sender,
  { sendAt, id }: { sendAt: number; id: string },
): WireTemplate {
  const { boundary, body } = encodeBody(content, new Map());
  const headers = [
    ...messageHeaders(content.subject, sender, { sendAt, id: [id] }),
    // RFC 3834 §5: no machine answers to this.
    headerLine('Auto-Submitted', 'auto-generated'),
    ...bodyHeaders(boundary),
  ];
  return [...headers, '\r\n', ...body].reduce(joinText, []);
}

function encodeBody(
  content: { readonly html: string; readonly text: string },
  marks: ReadonlyMap<string, WireSlot>,
): { boundary: string; body: WireTemplate } {
  const text = encodePart('text/plain', content.text, marks);
  const html = encodePart('text/html', content.html, marks);
  const boundary = `=_${createHash('sha256').update(text).update(html).digest('hex').slice(0, 32)}`;
  const part = (body: string) => `--${boundary}\r\n${body}\r\n`;
  const body = `${part(text)}${part(html)}--${boundary}--\r\n`;
  return { boundary, body: cutAtMarks(body, marks) };
}

function messageHeaders(
  subject: string,
  sender: Sender,
  { sendAt, id }: { sendAt: number; id: WireTemplate },
): WireTemplate {
  return [
    headerLine('From', mailboxValue(sender.from)),
    'To: <',
    { slot: 'address' },
    '>\r\n',
    sender.replyTo ? headerLine('Reply-To', mailboxValue(sender.replyTo)) : '',
    headerLine('Subject', textValue(subject)),
    headerLine('Date', dateValue(sendAt)),
    'Message-ID: <',
    ...id,
    `@${domainOf(sender.from.address)}>\r\n`,
  ];
}

function bodyHeaders(boundary: string): WireTemplate {
  return [
    headerLine('MIME-Version', '1.0'),
    headerLine('Content-Type', `multipart/alternative;\r\n boundary="${boundary}"`),
  ];
}

/** RFC 2919 §2: the list's name, below the sender's domain. */
function listId({ listName, from }: Sender): string {
  const label = listName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return mailboxValue({
    name: listName,
    address: `${label || 'papers'}.${domainOf(from.address)}`,
  });
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

function encodePart(type: string, content: string, marks: ReadonlyMap<string, WireSlot>): string {
  const head =
    headerLine('Content-Type', `${type}; charset=utf-8`) +
    headerLine('Content-Transfer-Encoding', 'quoted-printable');
  return `${head}\r\n${quotedPrintable(content.trimEnd(), [...marks.keys()], tokenWidth)}`;
}

function markNames({ slots }: Rendered): ReadonlyMap<string, WireSlot> {
  const marks = new Map<string, WireSlot>([[slots.unsubscribe, 'unsubscribe']]);
  if (slots.preferences) marks.set(slots.preferences, 'preferences');
  return marks;
}

function cutAtMarks(text: string, marks: ReadonlyMap<string, WireSlot>): WireTemplate {
  if (marks.size === 0) return [text];
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
