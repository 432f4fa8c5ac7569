import { domainToASCII, domainToUnicode } from 'node:url';
import { type Checked, fail, pass } from './errors.ts';

/** A mail address that was checked; it holds no control character and names one mailbox. */
export type Address = {
  /** As SMTP carries it: the local part as it was written, `@`, the domain as A-labels. */
  readonly address: string;
  /** Identity: the whole address lower-cased, domain as A-labels, nothing else folded. */
  readonly key: string;
  /** The domain as people read it (U-labels). */
  readonly displayDomain: string;
  /** The local part is beyond ASCII, so the server must offer SMTPUTF8 (RFC 6531). */
  readonly utf8Local: boolean;
};

/** An address with the name in front of it, null where there is none. */
export type NamedAddress = { readonly name: string | null; readonly address: Address };

// RFC 5321 §4.5.3.1.1 and §4.5.3.1.3 (256 with the angle brackets), in octets.
const maxLocal = 64;
const maxAddress = 254;
const maxName = 200;

// RFC 5321 §4.1.2 Dot-string, with the letters that RFC 6531 §3.3 adds.
const dotString =
  /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u;
const invisible = /[\p{C}\p{Z}]/u;
// What a full-width or ligature letter must not turn into when a program normalises it.
const special = /[\s"(),.:;<>@[\\\]]/;
const hostLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * Reads one bare address, with nothing around it (RFC 5321 §4.1.2). Quoted local parts, address
 * literals and domains of one label are refused: no reader has one, and typing errors look so.
 */
export function parseAddress(text: string): Checked<Address> {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return fail('it has a line break or control character');
  if (/[,;<>]/.test(text)) return fail('it is not one plain address');
  if (/\s/.test(text)) return fail('it has a space in it');
  const at = text.lastIndexOf('@');
  if (at === -1) return fail('it has no @');
  // One way to write each letter (RFC 6532 §3.1), or one reader would be two.
  const local = text.slice(0, at).normalize('NFC');
  const localProblem = checkLocal(local);
  if (localProblem) return fail(localProblem);
  const domain = toHostName(text.slice(at + 1));
  if (domain === null) return fail('the part after the @ is not a domain');
  if (!domain.includes('.')) return fail('the domain after the @ has no dot');

  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address) > maxAddress) return fail(`it is longer than ${maxAddress} bytes`);
  const utf8Local = /[^\0-\x7f]/.test(local);
  const displayDomain = domainToUnicode(domain);
  return pass({ address, key: address.toLowerCase(), displayDomain, utf8Local });
}

function checkLocal(local: string): string | null {
  if (local === '') return 'it has nothing before the @';
  if (local.includes('"')) return 'quoted names before the @ are not supported';
  if (local.includes('@')) return 'it has more than one @';
  if (!dotString.test(local)) return 'the part before the @ has a character or dot out of place';
  if (invisible.test(local)) return 'the part before the @ has an invisible character';
  const beyondAscii = local.replace(/[\0-\x7f]/g, '');
  if (special.test(beyondAscii.normalize('NFKC'))) {
    return 'the part before the @ has a look-alike of a special character';
  }
  if (Buffer.byteLength(local) > maxLocal) return `it has more than ${maxLocal} bytes before the @`;
  return null;
}

/**
 * The domain as lower-case A-labels, or null. `domainToASCII` reads what a URL may hold (ports,
 * paths, `%41`, IPv4 as hexadecimal), so its input and its result are both checked.
 */
function toHostName(domain: string): string | null {
  // ZWNJ and ZWJ are letters in some scripts; other invisible characters are dropped silently.
  if (/[\0-,/:-@[-`{-\x7f]/.test(domain)) return null;
  if (invisible.test(domain.replace(/[\u200c\u200d]/g, ''))) return null;
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  if (!labels.every(label => hostLabel.test(label) && isDecodable(label))) return null;
  // An all-numeric last label is an IPv4 address (RFC 3696 §2).
  if (/^\d+$/.test(labels.at(-1) ?? '')) return null;
  return ascii.length > 253 ? null : ascii;
}

/** Whether an A-label stands for a U-label (RFC 5890 §2.3.2.1); later Nodes let through what is none. */
function isDecodable(label: string): boolean {
  if (!label.startsWith('xn--')) return true;
  const unicode = domainToUnicode(label);
  return unicode !== label && domainToASCII(unicode) === label;
}

/** Reads `Name <address>`, `"Name, with comma" <address>` or a bare address: exactly one. */
export function parseMailbox(text: string): Checked<NamedAddress> {
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '');
  const match = /^([^<>]*)<([^<>]*)>$/.exec(trimmed);
  const address = parseAddress(match?.[2] ?? trimmed);
  if (!address.ok) return address;
  const name = checkName(unquote(match?.[1]?.trim() ?? ''));
  if (!name.ok) return name;
  if (/^[^"].*[,;@]/.test(match?.[1]?.trim() ?? '')) {
    return fail('the name has a comma, semicolon or @: put it in double quotes');
  }
  return pass({ name: name.value, address: address.value });
}

function unquote(name: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(name);
  return quoted?.[1]?.replace(/\\(.)/g, '$1') ?? name;
}

/** A person's or newsletter's name with its spaces tidied; null where it is empty. */
export function checkName(text: string): Checked<string | null> {
  if (/[\p{Cc}\u2028\u2029]/u.test(text))
    return fail('the name has a line break or control character');
  const name = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (name.length > maxName) return fail(`the name is longer than ${maxName} characters`);
  return pass(name === '' ? null : name);
}

/**
 * An address as people read it: `ada@bücher.example`. Masked it is only recognised by who knows
 * it, `a…@bücher.example`: mails get forwarded, and the links in them.
 */
export function showAddress(address: string, { masked = false } = {}): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address;
  const local = masked ? `${first}…` : address.slice(0, at);
  return `${local}@${domainToUnicode(address.slice(at + 1))}`;
}
