import { Parser } from 'htmlparser2';

/** An element of a mail's HTML. Lines count from 1. */
export type MailElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of its attribute `style`. */
  readonly style: readonly Declaration[];
  readonly parent: MailElement | null;
  readonly line: number;
};

/** A piece of text between tags, entities read, as it is. */
export type TextPiece = {
  readonly text: string;
  readonly parent: MailElement | null;
  readonly line: number;
};

/** A mail's HTML as the checks see it, in the order in which it is written. */
export type Mail = {
  readonly elements: readonly MailElement[];
  readonly words: readonly TextPiece[];
  /** Of all its style sheets; lines are those of the HTML. */
  readonly rules: readonly StyleRule[];
};

/** Reads HTML. Comments are skipped, and with them what is for Outlook alone. */
export function readMail(html: string): Mail {
  const elements: MailElement[] = [];
  const words: TextPiece[] = [];
  const rules: StyleRule[] = [];
  const lineAt = lineFinder(html);
  let open: MailElement | null = null;
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
export function textOf({ elements, words }: Mail, element: MailElement): string {
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
export function lineage(element: MailElement | null): MailElement[] {
  const all: MailElement[] = [];
  for (let at = element; at; at = at.parent) all.push(at);
  return all;
}

function isWithin(inner: MailElement | null, outer: MailElement): boolean {
  return lineage(inner).includes(outer);
}

function lineFinder(text: string): (index: number) => number {
  let line = 1;
  let from = 0;
  // The parser asks in the order of the text.
  return index => {
    for (; from < index; from += 1) if (text.charCodeAt(from) === 10) line += 1;
    return line;
  };
}

/** `color: red`, its name in small letters. */
export type Declaration = { readonly property: string; readonly value: string };

/** A rule of a style sheet, with the at-rules it stands in. */
export type StyleRule = {
  /** Empty for an at-rule without any, such as `@import` or `@font-face`. */
  readonly selector: string;
  readonly declarations: readonly Declaration[];
  /** `@media (max-width:480px)`, outside in. */
  readonly within: readonly string[];
  readonly line: number;
};

/** The declarations in the text of a `style` attribute or of a rule. */
export function parseDeclarations(text: string): Declaration[] {
  return pieces(text).flatMap(piece => {
    const [, property, value] = /^\s*([-\w]+)\s*:\s*([\s\S]*?)\s*$/.exec(piece) ?? [];
    return property && value ? [{ property: property.toLowerCase(), value }] : [];
  });
}

/** The rules of a style sheet that begins at `line`. Broken ones are left out. */
export function parseSheet(text: string, line = 1): StyleRule[] {
  const blank = (comment: string) => comment.replace(/[^\n]/g, ' ');
  return readRules(text.replace(/\/\*[\s\S]*?\*\//g, blank), [], line);
}

/** Cuts at `;`, but not in brackets or quotes. */
function pieces(text: string): string[] {
  return text.match(/(?:\([^)]*\)|"[^"]*"|'[^']*'|[^;"'(]|["'(])+/g) ?? [];
}

function readRules(text: string, within: readonly string[], line: number): StyleRule[] {
  const rules: StyleRule[] = [];
  let at = 0;
  while (at < text.length) {
    const [head = ''] = /^[^{};]*/.exec(text.slice(at)) ?? [];
    const end = at + head.length;
    const name = head.trim();
    const here = line + lines(text.slice(0, at + head.search(/\S|$/)));
    if (text[end] !== '{') {
      if (name.startsWith('@')) {
        rules.push({ selector: '', declarations: [], within: [...within, name], line: here });
      }
      at = end + 1;
      continue;
    }
    const close = closing(text, end);
    const body = text.slice(end + 1, close);
    if (name.startsWith('@') && !/^@(?:font-face|page)/.test(name)) {
      const bodyLine = line + lines(text.slice(0, end));
      rules.push(...readRules(body, [...within, name], bodyLine));
    } else {
      const isAt = name.startsWith('@');
      rules.push({
        selector: isAt ? '' : name,
        declarations: parseDeclarations(body),
        within: isAt ? [...within, name] : within,
        line: here,
      });
    }
    at = close + 1;
  }
  return rules;
}

/** Where the brace that opens at `from` is closed; the text's end where it is not. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}
