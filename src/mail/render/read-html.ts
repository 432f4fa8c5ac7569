/** A link as a reader sees it: its address and its words, entities read, white space collapsed. */
export type Link = { readonly href: string; readonly text: string };

const token =
  /<!--[\s\S]*?-->|<!doctype[^>]*>|<(style|title|script)\b[^>]*>[\s\S]*?<\/\1>|<(\/?)([a-z][\w:-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
const empty = /^(?:area|base|br|col|hr|img|input|link|meta|wbr)$/i;

/**
 * The links of `html`, and what is wrong with how its tags nest. It reads what templates write
 * (every tag closed, no script that makes markup), not all that browsers put up with.
 */
export function readHtml(html: string): { links: Link[]; faults: string[] } {
  const links: Link[] = [];
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
