import { webUrl } from '../urls.ts';

/** A line of a capture: what a person sees on it, and where the links on it lead. */
export type Line = {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly urls: readonly string[];
};

type References = ReadonlyMap<string, string>;
type Link = { readonly url: string; readonly from: number; readonly to: number };
type Opened = { readonly place: number; readonly line: number; readonly image: boolean };

/** Some captures of the page leave the host out of its links. */
const site = 'https://huggingface.co/';

/** `[12]: https://…`, `[12] https://…` or `12. https://…`, as lynx, links and html2text list them. */
const reference =
  /^\s*(?:\[(\d{1,5})\]:?|(\d{1,5})\.)\s+<?((?:https?|mailto|file|javascript):\S*?)>?\s*$/i;

/**
 * Whether a line shows that links are written as Markdown writes them: it is a link from end to end,
 * a heading with one, or the end of one of several lines. A link within prose shows nothing.
 */
function isMarkdown(line: string): boolean {
  const text = line.trim();
  if (!text.includes('](') && !text.includes('][')) return false;
  if (/^#{1,6}\s/.test(text) || /^[^[]{0,200}\]\(https?:|^\]\[\d{1,5}\]/.test(text)) return true;
  return (
    /^(?:[-*+>]\s+)*!?\[/.test(text) &&
    /\]\([^\s()]{0,2000}\)$|\]\[\d{1,5}\]$/.test(text.slice(-2100))
  );
}

/**
 * The lines of `text` with the links taken out of them: Markdown (`[x](url)`, `[x][12]`, also over
 * several lines), numbers (`[12]x` with a list of references), and images, which go altogether.
 */
export function readLinks(text: string): Line[] {
  const references = new Map<string, string>();
  const bare = text.split('\n').map(line => {
    const match = reference.exec(line);
    if (!match) return line;
    references.set(match[1] ?? match[2] ?? '', match[3] ?? '');
    return '';
  });
  const plain = bare.join('\n');
  const read = bare.some(isMarkdown) ? unlink(plain, references) : { text: plain, links: [] };
  const lines = read.text.split('\n');
  const urls = urlsByLine(read.links, lines);
  return lines.map((text, at) =>
    unnumber({ number: at + 1, text, urls: urls.get(at) ?? [] }, references),
  );
}

const target =
  /\]\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"\n]*")?\s*\)|\]\[(\d{1,5})\]/y;

/** Takes Markdown links out in one pass; a stack finds the bracket that each target closes. */
function unlink(text: string, references: References): { text: string; links: Link[] } {
  const out: string[] = [];
  const opened: Opened[] = [];
  const links: Link[] = [];
  let line = 0;
  let at = 0;
  for (const found of text.matchAll(/\\[\\*_{}[\]()#+\-!>|]|\\+\n|[[\]\n]/g)) {
    if (found.index < at) continue;
    const mark = found[0];
    out.push(text.slice(at, found.index));
    at = found.index + mark.length;
    if (mark.endsWith('\n')) {
      line += 1;
      out.push('\n');
    } else if (mark.startsWith('\\')) out.push(mark.slice(1));
    else if (mark === '[') {
      opened.push({ place: out.length, line, image: out.at(-1)?.endsWith('!') ?? false });
      out.push(mark);
    } else {
      const open = opened.pop();
      target.lastIndex = found.index;
      const match = open && target.exec(text);
      if (!match) {
        out.push(mark);
        continue;
      }
      at = target.lastIndex;
      close(out, open, line);
      const url = match[1] ?? references.get(match[2] ?? '') ?? '';
      if (!open.image) links.push({ url, from: open.line, to: line });
    }
  }
  out.push(text.slice(at));
  return { text: out.join(''), links };
}

/** Ends a link's text: an image goes with its text; other text is set apart from its neighbours. */
function close(out: string[], open: Opened, line: number): void {
  if (open.image && open.line === line) {
    out.length = open.place;
    out[open.place - 1] = out[open.place - 1]?.slice(0, -1) ?? '';
    return;
  }
  // `May 29[6](…)` says 29 and 6, not 296.
  const joins = /[\p{L}\p{N}]$/u.test(out[open.place - 1] ?? '');
  out[open.place] = joins ? ' ' : '';
}

/** The first and the last line of a link are enough: what is between belongs to the same text. */
function urlsByLine(links: readonly Link[], lines: readonly string[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  const blank = (at: number) => lines[at]?.trim() === '';
  for (const link of links) {
    let { from, to } = link;
    while (from < to && blank(from)) from += 1;
    while (to > from && blank(to)) to -= 1;
    const url = webUrl(link.url, site);
    if (url) for (const at of new Set([from, to])) found.set(at, [...(found.get(at) ?? []), url]);
  }
  return found;
}

function unnumber({ number, text, urls }: Line, references: References): Line {
  if (!text.includes('[')) return { number, text, urls };
  const found = [...urls];
  const take = (whole: string, before: string, key: string) => {
    const url = webUrl(references.get(key) ?? '', site);
    if (url) found.push(url);
    return references.has(key) ? before : whole;
  };
  const plain = text
    .replace(/(^\s*|[\s(·•])\[(\d{1,5})\](?=[^\s.,;:!?)\]])/g, take)
    .replace(/^(\s*)\[(\d{1,5})\]\s(?=\S)/, take)
    .replace(/^(\s*(?:[-*+•]\s+)?)\[\d{1,5}\](?=\p{L})/u, '$1')
    .replace(/(\s?)\[(\d{1,5})\]\s*$/g, take);
  return { number, text: plain, urls: found };
}
