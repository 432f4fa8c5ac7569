import type { EditionView, FooterView } from './view.ts';

type ShownMail = Pick<EditionView, 'picks'> & {
  readonly footer: Pick<FooterView, 'unsubscribeUrl'>;
};

/**
 * Says what the HTML part lacks; null if it is complete. `source` is the MJML that it was made of:
 * MJML silently drops what it does not understand, so every link of it is looked for.
 */
export function faultOfHtml(html: string, source: string, view: ShownMail): string | null {
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

/** Says what is wrong with HTML that was made of the MJML `source`; null if nothing is. */
export function faultOfLinks(
  { links, faults }: ReturnType<typeof readHtml>,
  source: string,
): string | null {
  if (faults[0]) return `the HTML is not well nested: ${faults[0]}`;
  const lost = readHtml(source).links.find(wanted => !holds(links, wanted));
  return lost ? `the link “${lost.text}” to ${lost.href} did not come through MJML` : null;
}

function holds(links: readonly HtmlLink[], wanted: HtmlLink): boolean {
  return links.some(({ href, text }) => href === wanted.href && text === wanted.text);
}

/** Says what the text part lacks; null if it is complete. */
export function faultOfText(text: string, view: ShownMail): string | null {
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

function lacksLeave(
  addresses: readonly string[],
  { footer: { unsubscribeUrl } }: ShownMail,
): boolean {
  return unsubscribeUrl !== null && !addresses.includes(unsubscribeUrl);
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A link as a reader sees it: its address and its words, entities read, white space collapsed. */
export type HtmlLink = { readonly href: string; readonly text: string };

const token =
  /<!--[\s\S]*?-->|<!doctype[^>]*>|<(style|title|script)\b[^>]*>[\s\S]*?<\/\1>|<(\/?)([a-z][\w:-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
const empty = /^(?:area|base|br|col|hr|img|input|link|meta|wbr)$/i;

/**
 * The links of `html`, and what is wrong with how its tags nest. It reads what templates write
 * (every tag closed, no script that makes markup), not all that browsers put up with.
 */
export function readHtml(html: string): { links: HtmlLink[]; faults: string[] } {
  const links: HtmlLink[] = [];
  const faults: string[] = [];
  const open: string[] = [];
  let href: string | null = null;
  let words = '';
  let from = 0;
  for (const { 0: all, 2: slash, 3: tag, 4: attributes = '', index } of html.matchAll(token)) {
    words += html.slice(from, index);
    from = index + all.length;
    if (!tag || empty.test(tag)) continue;
    const name = tag.toLowerCase();
    if (slash) {
      const opened = open.pop();
      if (opened !== name)
        faults.push(`</${name}> stands where ${opened ? `<${opened}>` : 'nothing'} is open`);
      if (name === 'a' && href !== null) links.push({ href, text: plain(words) });
      if (name === 'a') href = null;
      continue;
    }
    open.push(name);
    if (name !== 'a') continue;
    href = plain(/\bhref="([^"]*)"/i.exec(attributes)?.[1] ?? '');
    words = '';
  }
  if (open.length) faults.push(`<${open.at(-1)}> is never closed`);
  return { links, faults };
}

const named: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Text of HTML as plain text on one line. */
function plain(html: string): string {
  const text = html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (entity, hex, decimal, name) => {
    if (name) return named[name] ?? entity;
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
  });
  return text.replace(/\s+/g, ' ').trim();
}
