import Handlebars, { type HelperOptions } from 'handlebars';
import { messageOf } from '../../lib/errors.ts';
import { escapeHtml, httpUrl } from './escape.ts';

/** The plain text part's width in columns (RFC 3676 §4.2 asks for 78 at most). */
const width = 72;

/** What templates can call beside Handlebars' own helpers. */
export const helpers = {
  /** An http(s) address for an attribute: `href="{{url x}}"`. Handlebars alone would escape `=`. */
  url: (address: unknown, { loc }: HelperOptions & Located) => {
    try {
      return new Handlebars.SafeString(escapeHtml(httpUrl(String(address))));
    } catch (error) {
      throw Object.assign(new Error(messageOf(error)), { lineNumber: loc?.start.line });
    }
  },

  /** Safe HTML whose links get the attributes in the block: `{{#linked page}}class="link"{{/linked}}`. */
  linked(html: unknown, { fn }: HelperOptions) {
    const look = fn(this);
    return new Handlebars.SafeString(
      String(html).replace(/<a href="[^"]*"(?=>)/g, link => `${link} ${look}`),
    );
  },

  /** A mail address for an attribute (RFC 6068 §2): `href="{{mailto x}}"`. */
  mailto: (address: unknown) =>
    `mailto:${encodeURIComponent(String(address)).replaceAll('%40', '@')}`,

  /** A phrase as a sentence of its own: with a capital, and a full stop unless it ends in one. */
  sentence: (phrase: unknown) => {
    const text = String(phrase);
    const stop = /[.!?]$/.test(text) ? '' : '.';
    return text && `${text.charAt(0).toUpperCase()}${text.slice(1)}${stop}`;
  },

  /** Text in lines of 72 columns: `{{wrap title first="1." indent=4}}`. */
  wrap: (text: unknown, { hash }: HelperOptions) =>
    wrap(String(text), {
      width,
      indent: Number(hash.indent ?? 0),
      first: String(hash.first ?? ''),
    }),

  /** A rule across the page: `{{rule "="}}`. */
  rule: (character: unknown) => String(character).repeat(width),

  /** Text underlined with a character: `{{underline name "="}}`. */
  underline: (text: unknown, character: unknown) =>
    `${text}\n${String(character).repeat(Math.min(width, columns(String(text))))}`,

  /** Whether two values are the same: `{{#if (is at "here")}}`. */
  is: (one: unknown, other: unknown) => one === other,

  /** Text in capitals. */
  upper: (text: unknown) => String(text).toUpperCase(),
};

/** Handlebars tells helpers where they are called. */
type Located = { readonly loc?: hbs.AST.SourceLocation };

/** East Asian characters and emoji, which take two columns of a terminal. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;

/** What must not be torn apart: a character with its marks, a joined emoji, a flag. */
const unit = /\p{RI}{2}|.\p{M}*(?:\u200d.\p{M}*)*/gsu;

/** How many columns of a terminal `text` takes; marks take none. */
export function columns(text: string): number {
  const flat = text.replace(wide, '__').replace(/[\p{M}\u200d]/gu, '');
  return flat.replace(/[\u{10000}-\u{10ffff}]/gu, '_').length;
}

/** Where lines begin and end: `first` stands before the first line, `indent` spaces before others. */
export type Wrapping = { readonly width: number; readonly indent: number; readonly first: string };

/** `text` in lines of at most `width` columns; a word that is longer is broken, an address is not. */
export function wrap(text: string, { width, indent, first }: Wrapping): string {
  const room = width - indent;
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(/\s+/).flatMap(word => breakWord(word, room))) {
    const size = columns(word);
    if (line && used + 1 + size > room) {
      lines.push(line);
      line = '';
      used = 0;
    }
    used += line ? size + 1 : size;
    line += line ? ` ${word}` : word;
  }
  if (line) lines.push(line);
  return first.padEnd(indent) + lines.join(`\n${' '.repeat(indent)}`);
}

/** `word` in pieces of at most `room` columns. */
function breakWord(word: string, room: number): string[] {
  if (columns(word) <= room || /^[^\w]*https?:\/\//.test(word)) return [word];
  const pieces = [''];
  let used = 0;
  for (const [segment] of word.matchAll(unit)) {
    const size = columns(segment);
    if (used + size > room) {
      pieces.push('');
      used = 0;
    }
    pieces[pieces.length - 1] += segment;
    used += size;
  }
  return pieces;
}
