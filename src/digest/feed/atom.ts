import { plainText } from '../html.ts';
import { childrenOf, childText, type Element, textOf } from '../xml.ts';
import type { Entry } from './entry.ts';

/** An `entry` of an Atom document (RFC 4287), as the arXiv API and many sites answer. */
export function readAtomEntry(entry: Element): Entry {
  return {
    title: construct(entry, 'title'),
    text: construct(entry, 'summary') || construct(entry, 'content'),
    links: [...pages(entry), childText(entry, 'id').trim()],
    pdfUrl: hrefs(entry, link => link.type === 'application/pdf')[0] ?? null,
    authors: childrenOf(entry, 'author').map(author => childText(author, 'name')),
    published: childText(entry, 'published') || childText(entry, 'updated'),
  };
}

/** A text construct (§3.1): `text` is as it is written, `html` is markup, `xhtml` is elements. */
function construct(entry: Element, name: string): string {
  const [element] = childrenOf(entry, name);
  if (!element) return '';
  const text = textOf(element);
  return element.attributes.type === 'html' ? plainText(text) : text;
}

function pages(entry: Element): string[] {
  return hrefs(entry, ({ rel = 'alternate' }) => rel === 'alternate');
}

function hrefs(entry: Element, wanted: (link: Element['attributes']) => boolean): string[] {
  return childrenOf(entry, 'link').flatMap(({ attributes }) =>
    attributes.href && wanted(attributes) ? [attributes.href] : [],
  );
}
