import { cleanText } from '../../lib/text.ts';
import { looksLikeNames, splitNames } from '../capture/furniture.ts';
import { plainText } from '../html.ts';
import { childrenOf, childText, type Element, textOf } from '../xml.ts';
import type { Entry } from './entry.ts';

/**
 * The `item` elements of an RSS document: in 2.0 and its forebears they are in the channel, in 1.0
 * (RDF) beside it (https://www.rssboard.org/rss-specification).
 */
export function rssItems(root: Element): Element[] {
  return [...childrenOf(root, 'channel'), root].flatMap(place => childrenOf(place, 'item'));
}

/** An `item` of an RSS document of any version. */
export function readRssItem(item: Element): Entry {
  const enclosed = childrenOf(item, 'enclosure').map(({ attributes }) => attributes);
  return {
    title: plainText(childText(item, 'title') || childText(item, 'dc:title')),
    text: plainText(childText(item, 'description') || childText(item, 'content:encoded')),
    links: [childText(item, 'link'), childText(item, 'guid')].map(link => link.trim()),
    pdfUrl: enclosed.find(({ type }) => type === 'application/pdf')?.url ?? null,
    authors: authorsOf(item),
    published: childText(item, 'pubDate') || childText(item, 'dc:date'),
  };
}

/** `dc:creator` is one name, or one list of names; `author` is an address with a name in brackets. */
function authorsOf(item: Element): string[] {
  const creators = childrenOf(item, 'dc:creator').map(creator => named(textOf(creator)));
  if (creators.length === 0) {
    return childrenOf(item, 'author').map(author =>
      named(textOf(author))
        .replace(/^\S+@\S+ ?(?:\((.*)\))?$/, '$1')
        .replace(/\S+@\S+/g, ''),
    );
  }
  return creators.flatMap(names => (looksLikeNames(names) ? splitNames(names) : [names]));
}

/** Names on one line, and no more than a paper can have. */
function named(text: string): string {
  return cleanText(text.slice(0, 10_000));
}
