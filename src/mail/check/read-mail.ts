import { Parser } from 'htmlparser2';
import { type Declaration, parseDeclarations, parseSheet, type Rule } from './css.ts';

/** An element of a mail's HTML. Lines count from 1. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of its attribute `style`. */
  readonly style: readonly Declaration[];
  readonly parent: Element | null;
  readonly line: number;
};

/** A piece of text between tags, entities read, as it is. */
export type Words = {
  readonly text: string;
  readonly parent: Element | null;
  readonly line: number;
};

/** A mail's HTML as the checks see it, in the order in which it is written. */
export type Mail = {
  readonly elements: readonly Element[];
  readonly words: readonly Words[];
  /** Of all its style sheets; lines are those of the HTML. */
  readonly rules: readonly Rule[];
};

/** Reads HTML. What stands in comments, as Outlook's own does, is not there. */
export function readMail(html: string): Mail {
  const elements: Element[] = [];
  const words: Words[] = [];
  const rules: Rule[] = [];
  const lineAt = lineFinder(html);
  let open: Element | null = null;
  const parser = new Parser({
    onopentag(name, attributes) {
      const line = lineAt(parser.startIndex);
      const style = parseDeclarations(attributes.style ?? '');
      open = { name, attributes, style, parent: open, line };
      elements.push(open);
    },
    ontext(text) {
      const line = lineAt(parser.startIndex);
      if (open?.name === 'style') rules.push(...parseSheet(text, line));
      else words.push({ text, parent: open, line });
    },
    onclosetag() {
      open = open?.parent ?? null;
    },
  });
  parser.end(html);
  return { elements, words, rules };
}

/** The words in an element, white space collapsed; of images their `alt`. */
export function textOf({ elements, words }: Mail, element: Element): string {
  const pieces = words.filter(({ parent }) => isWithin(parent, element)).map(({ text }) => text);
  const alts = elements
    .filter(({ name, parent }) => name === 'img' && isWithin(parent, element))
    .map(({ attributes }) => attributes.alt ?? '');
  return [...pieces, ...alts].join('').replace(/\s+/g, ' ').trim();
}

/** What an inbox shows after the subject: the mail's words from the start, hidden ones too. */
export function snippetOf({ words }: Mail, mostChars: number): string {
  const body = words.filter(({ parent }) => lineage(parent).some(({ name }) => name === 'body'));
  let text = '';
  for (const piece of body) {
    text = `${text} ${piece.text}`.replace(/(?:\s|\u034f|[\u200b-\u200d\ufeff])+/g, ' ');
    if (text.length > mostChars) break;
  }
  return text.trim().slice(0, mostChars);
}

/** The element and all around it, inside out. */
export function lineage(element: Element | null): Element[] {
  const all: Element[] = [];
  for (let at = element; at; at = at.parent) all.push(at);
  return all;
}

function isWithin(inner: Element | null, outer: Element): boolean {
  return lineage(inner).includes(outer);
}

function lineFinder(text: string): (index: number) => number {
  let line = 1;
  let from = 0;
  // Asked for in the order of the text.
  return index => {
    for (; from < index; from += 1) if (text.charCodeAt(from) === 10) line += 1;
    return line;
  };
}
