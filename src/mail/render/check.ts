import type { FooterView } from './footer.ts';
import { type Link, readHtml } from './read-html.ts';
import type { EditionView } from './view.ts';

type Shown = Pick<EditionView, 'picks'> & { readonly footer: Pick<FooterView, 'unsubscribeUrl'> };

/**
 * What the HTML part lacks of what it must have, in words; null if nothing. `source` is the MJML it
 * was made of: MJML drops what it does not understand without a word, so every link has to arrive.
 */
export function faultOfHtml(html: string, source: string, view: Shown): string | null {
  const read = readHtml(html);
  const fault = faultOfLinks(read, source);
  if (fault) return fault;
  const { links } = read;
  const pick = view.picks.find(({ href, title }) => !holds(links, { href, text: collapse(title) }));
  if (pick) return `the HTML has no link to “${pick.title}”`;
  return lacksLeave(
    links.map(({ href }) => href),
    view,
  )
    ? 'the HTML has no link to unsubscribe'
    : null;
}

/** What is wrong with HTML, as it was read, that was made of the MJML `source`; null if nothing. */
export function faultOfLinks(
  { links, faults }: ReturnType<typeof readHtml>,
  source: string,
): string | null {
  if (faults[0]) return `the HTML is not well nested: ${faults[0]}`;
  const lost = readHtml(source).links.find(wanted => !holds(links, wanted));
  return lost ? `the link “${lost.text}” to ${lost.href} did not come through MJML` : null;
}

function holds(links: readonly Link[], wanted: Link): boolean {
  return links.some(({ href, text }) => href === wanted.href && text === wanted.text);
}

/** What the text part lacks of what it must have, in words; null if nothing. */
export function faultOfText(text: string, view: Shown): string | null {
  // Wrapping may break a long title anywhere, so white space cannot count.
  const written = text.replace(/\s+/g, '');
  const lines = text.split('\n').map(line => line.replace(/^.*\s/, ''));
  const untitled = view.picks.find(({ title }) => !written.includes(title.replace(/\s+/g, '')));
  if (untitled) return `the text lacks the title “${untitled.title}”`;
  const unlinked = view.picks.find(({ href }) => !lines.includes(href));
  if (unlinked) return `the text has no line that ends in the link to “${unlinked.title}”`;
  return lacksLeave(lines, view)
    ? 'the text has no line that ends in the link to unsubscribe'
    : null;
}

function lacksLeave(addresses: readonly string[], { footer: { unsubscribeUrl } }: Shown): boolean {
  return unsubscribeUrl !== null && !addresses.includes(unsubscribeUrl);
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
