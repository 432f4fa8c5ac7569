import { Parser } from 'htmlparser2';
import { InputError } from '../lib/errors.ts';
import { excerpt } from '../lib/text.ts';
import { isBlock } from './html.ts';

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
  const reader = new Reader(source);
  new Parser(reader, { xmlMode: true }).end(text);
  return reader.finish();
}

type Growing = Element & { readonly children: (Element | string)[] };

class Reader {
  private readonly source: string;
  private readonly open: Growing[] = [];
  private root: Growing | null = null;
  private prefix = '';
  private elements = 0;
  private closed = false;

  constructor(source: string) {
    this.source = source;
  }

  onopentag(qualified: string, attributes: Record<string, string>): void {
    if (!this.root) this.prefix = /^(?!rdf:)[^:]+:/i.exec(qualified)?.[0] ?? '';
    const name = qualified.startsWith(this.prefix)
      ? qualified.slice(this.prefix.length)
      : qualified;
    const element = { name, attributes, children: [] };
    this.elements += 1;
    if (this.elements > most.elements || this.open.length > most.depth) {
      throw new InputError(`${this.source}: no feed has this many elements, or so deeply nested.`);
    }
    this.open.at(-1)?.children.push(element);
    if (!this.closed) this.root ??= element;
    this.open.push(element);
  }

  ontext(text: string): void {
    this.open.at(-1)?.children.push(text);
  }

  onclosetag(_name: string, isImplied: boolean): void {
    this.open.pop();
    if (this.open.length === 0 && !isImplied) this.closed = true;
  }

  finish(): Element {
    if (!this.root) throw new InputError(`${this.source}: there is no element in this XML.`);
    if (this.closed) return this.root;
    throw new InputError(
      `${this.source}: it ends before </${excerpt(this.root.name, 20)}>, so a part of it is missing. ` +
        'Was it cut off on its way?',
    );
  }
}

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
      return isBlock(child.name) ? `\n${textOf(child)}\n` : textOf(child);
    })
    .join('');
}
