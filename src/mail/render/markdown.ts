import MarkdownIt, { type Token } from 'markdown-it';
import { escapeHtml, httpUrl } from './escape.ts';

/** A paragraph or an item of a list. `page` is safe HTML, without a block around it. */
export type MarkdownBlock = {
  readonly page: string;
  /** What stands before an item of a list, `•` or `2.`; empty before a paragraph. */
  readonly marker: string;
  /** Links as `words (address)`. */
  readonly text: string;
};

/** CommonMark without HTML, images, code and headings, which stay as they were typed. */
const markdown = new MarkdownIt('zero', { linkify: true }).enable([
  'emphasis',
  'link',
  'autolink',
  'linkify',
  'list',
  'newline',
  'escape',
  'entity',
]);
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
markdown.validateLink = url => link(url) !== null;
markdown.normalizeLink = url => link(url) ?? '';

const { rules } = markdown.renderer;
rules.softbreak = () => ' ';
rules.hardbreak = () => ' ';
// A link of Markdown may have a title, which is left out.
rules.link_open = (tokens, at) => `<a href="${escapeHtml(tokens[at]?.attrGet('href') ?? '')}">`;

/** Markdown as blocks, a line each: nothing but words, emphasis, and links to http(s). */
export function readMarkdown(source: string): readonly MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  const lists: { ordered: boolean; next: number }[] = [];
  let marker = '';
  for (const token of markdown.parse(source, {})) {
    switch (token.type) {
      case 'bullet_list_open':
      case 'ordered_list_open':
        lists.push({ ordered: token.type[0] === 'o', next: Number(token.attrGet('start') ?? 1) });
        break;
      case 'bullet_list_close':
      case 'ordered_list_close':
        lists.pop();
        break;
      case 'list_item_open': {
        const list = lists.at(-1);
        marker = list?.ordered ? `${list.next}.` : '•';
        if (list) list.next += 1;
        break;
      }
      case 'inline':
        for (const line of linesOf(withoutEmptyLinks(token.children ?? []))) {
          blocks.push({ ...line, marker });
          marker = '';
        }
        break;
    }
  }
  return blocks.filter(({ text }) => text !== '');
}

/** `[words]()` is a link to nowhere (CommonMark 6.3): its words stay. Links hold no links. */
function withoutEmptyLinks(tokens: readonly Token[]): readonly Token[] {
  let empty = false;
  return tokens.filter(token => {
    const { type } = token;
    if (type === 'link_open') empty = token.attrGet('href') === '';
    return !empty || (type !== 'link_open' && type !== 'link_close');
  });
}

/** The lines of a paragraph; one that begins amid emphasis or a link goes on with the one before. */
function linesOf(tokens: readonly Token[]): readonly Omit<MarkdownBlock, 'marker'>[] {
  const lines: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += token.nesting;
    if (/break$/.test(token.type) && depth === 0) lines.push([]);
    else lines.at(-1)?.push(token);
  }
  return lines.map(line => ({
    page: markdown.renderer.renderInline(line, markdown.options, {}),
    text: toText(line),
  }));
}

function toText(tokens: readonly Token[]): string {
  let href = '';
  let words = '';
  const parts = tokens.map(token => {
    if (token.type === 'link_open') {
      href = token.attrGet('href') ?? '';
      words = '';
      return '';
    }
    // An address that is its own words is not said twice.
    if (token.type === 'link_close') return words === href ? '' : ` (${href})`;
    const text = /break$/.test(token.type) ? ' ' : token.content;
    words += text;
    return text;
  });
  return parts.join('').trim();
}

function link(url: string): string | null {
  try {
    return httpUrl(url);
  } catch {
    return null;
  }
}
