import { InputError } from '../../lib/errors.ts';

const plain = /^https?:\/\/[!#-&(-;=?-[\]_a-z~]+$/i;
const mostChars = 2_048;

/**
 * `text` as an absolute http(s) address that is safe in an attribute and on a line of its own
 * (percent-encoded where it was not). Throws an InputError for any other scheme, and for one over
 * 2,048 characters, which mail clients cut.
 */
export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InputError(`“${text.slice(0, 80)}” cannot be a link: it is no http(s) address`);
  }
  const safe = plain.test(text) ? text : url.href.replaceAll("'", '%27');
  if (safe.length > mostChars) {
    throw new InputError(`“${text.slice(0, 80)}…” cannot be a link: ${safe.length} characters`);
  }
  return safe;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** `text` as HTML, also in an attribute between double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, character => entities[character] ?? '');
}
