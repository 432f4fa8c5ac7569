import { Parser } from 'htmlparser2';
import { InputError } from '../lib/errors.ts';
import { excerpt } from '../lib/text.ts';

/** Elements that begin a line of their own. */
const blocks = new Set(
  `address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header
  hr li main nav ol p pre section table td th tr ul`.split(/\s+/),
);

/** Elements whose content is not for reading. */
const unread = new Set(['head', 'noscript', 'script', 'style', 'svg', 'template', 'title']);

/** No abstract's markup has more characters. */
const longest = 500_000;

/** What is only in HTML: a tag that exists there, or an entity. `x<y` and `a & b` are not. */
const markup =
  /<\/?(?:abbr|address|article|aside|a|blockquote|br|b|cite|code|div|dl|dt|dd|em|figure|font|h[1-6]|hr|img|i|li|mark|ol|pre|p|q|section|small|span|strong|sub|sup|table|tbody|td|th|tr|tt|ul|u)(?:\s[^<>]*)?\/?>|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,10});/i;

/** The plain text of what may be HTML or may be plain already, as in a feed's descriptions. */
export function plainText(text: string): string {
  return markup.test(text) ? htmlToText(text) : text;
}

/** What a person reads of a piece of HTML, with paragraphs on lines of their own. */
export function htmlToText(html: string): string {
  const out: string[] = [];
  let hidden = 0;
  const atTag = (deeper: 1 | -1) => (name: string) => {
    if (unread.has(name)) hidden += deeper;
    else if (blocks.has(name)) out.push('\n');
  };
  const parser = new Parser({
    onopentag: atTag(1),
    onclosetag: atTag(-1),
    ontext(text) {
      if (hidden === 0) out.push(text);
    },
  });
  parser.end(html.slice(0, longest));
  return out.join('').trim();
}

/**
 * The value of `wanted` in the first tag that has the attribute `attribute` with the value `value`,
 * entities decoded; null where there is none.
 */
export function attributeIn(
  html: string,
  { attribute, value, wanted }: Record<'attribute' | 'value' | 'wanted', string>,
): string | null {
  let found: string | null = null;
  const parser = new Parser({
    onopentag(_name, attributes) {
      if (attributes[attribute] === value) found ??= attributes[wanted] ?? null;
    },
  });
  parser.end(html);
  return found;
}

/** An element of XML with what is in it, in order; CDATA and entities are text. */
export type Element = {
  /** With its prefix (`dc:creator`), but without that of the root (`atom:feed` is `feed`). */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
};

/** No feed has more elements, or has them nested deeper. */
const most = { elements: 300_000, depth: 100 };

/**
 * The root element of `text`. Forgives what feeds are known for (unescaped `&`, unclosed elements),
 * knows no entities but the usual ones, and loads nothing. Throws InputError where the text ends
 * before its root does.
 */
export function parseXml(text: string, source: string): Element {
  const document: Growing = { name: '', attributes: {}, children: [] };
  const open = [document];
  let elements = 0;
  let prefix = '';
  let closed = false;
  const parser = new Parser(
    {
      onopentag(qualified, attributes) {
        if (elements === 0) prefix = /^(?!rdf:)[^:]+:/i.exec(qualified)?.[0] ?? '';
        elements += 1;
        if (elements > most.elements || open.length > most.depth + 1) {
          throw new InputError(`${source}: no feed has this many elements, or so deeply nested.`);
        }
        const own = qualified.startsWith(prefix);
        const name = own ? qualified.slice(prefix.length) : qualified;
        const element = { name, attributes, children: [] };
        open.at(-1)?.children.push(element);
        open.push(element);
      },
      ontext(text) {
        open.at(-1)?.children.push(text);
      },
      onclosetag(_name, isImplied) {
        open.pop();
        if (open.length === 1 && !isImplied) closed = true;
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
  const root = document.children.find(child => typeof child !== 'string');
  if (!root) throw new InputError(`${source}: there is no element in this XML.`);
  if (closed) return root;
  throw new InputError(
    `${source}: it ends before </${excerpt(root.name, 20)}>, so a part of it is missing. ` +
      'Was it cut off on its way?',
  );
}

type Growing = Element & { readonly children: (Element | string)[] };

/** The elements right within `parent` that have one of these names, in order. */
export function childrenOf(parent: Element, ...names: readonly string[]): Element[] {
  return parent.children.filter(
    child => typeof child !== 'string' && names.includes(child.name),
  ) as Element[];
}

/** All text within the first child of that name; empty where there is none. */
export function childText(parent: Element, name: string): string {
  const [child] = childrenOf(parent, name);
  return child ? textOf(child) : '';
}

/** All text within `element`; elements that stand by themselves (paragraphs) are set apart. */
export function textOf(element: Element): string {
  return element.children
    .map(child => {
      if (typeof child === 'string') return child;
      return blocks.has(child.name) ? `\n${textOf(child)}\n` : textOf(child);
    })
    .join('');
}
