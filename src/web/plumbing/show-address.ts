import { domainToUnicode } from 'node:url';

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
