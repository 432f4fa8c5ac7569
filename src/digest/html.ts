import { Parser } from 'htmlparser2';

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

/** Whether the element stands by itself, not within a line. */
export function isBlock(name: string): boolean {
  return blocks.has(name);
}

/** The plain text of what may be HTML or may be plain already, as in a feed's descriptions. */
export function plainText(text: string): string {
  return markup.test(text) ? htmlToText(text) : text;
}

/** What a person reads of a piece of HTML, with paragraphs on lines of their own. */
export function htmlToText(html: string): string {
  const out: string[] = [];
  let hidden = 0;
  const parser = new Parser({
    onopentag(name) {
      if (unread.has(name)) hidden += 1;
      else if (isBlock(name)) out.push('\n');
    },
    ontext(text) {
      if (hidden === 0) out.push(text);
    },
    onclosetag(name) {
      if (unread.has(name)) hidden -= 1;
      else if (isBlock(name)) out.push('\n');
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
