import Handlebars, { type HelperOptions } from 'handlebars';
import { messageOf } from '../../lib/errors.ts';
import { httpUrl } from './http-url.ts';
import { columns, wrap } from './wrap.ts';

/** The plain text part's width in columns (RFC 3676 §4.2 asks for 78 at most). */
const width = 72;

/** What templates can call beside Handlebars' own helpers. */
export const helpers = {
  /** An http(s) address for an attribute: `href="{{url x}}"`. Handlebars alone would escape `=`. */
  url: (address: unknown, { loc }: HelperOptions & Located) => {
    try {
      return new Handlebars.SafeString(escapeAttribute(httpUrl(String(address))));
    } catch (error) {
      throw Object.assign(new Error(messageOf(error)), { lineNumber: loc?.start.line });
    }
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

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"]/g, character => entities[character] ?? character);
}
