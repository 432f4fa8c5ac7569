import { InputError } from '../lib/errors.ts';
import { cleanText, excerpt } from '../lib/text.ts';
import { looksLikeNames, splitNames } from './authors.ts';
import { type Entry, entriesDigest } from './feed-entry.ts';
import type { Format } from './format.ts';
import { childrenOf, childText, type Element, parseXml, plainText, textOf } from './markup.ts';

/** What may stand above the root of an XML document. */
const prolog = String.raw`^\s*(?:<\?[^>]*>\s*|<!--(?:(?!-->)[\s\S])*-->\s*|<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>\s*)*`;
const xmlRoot = new RegExp(String.raw`${prolog}<(?:[\w-]+:)?(?:rss|feed|rdf)\b`, 'i');

/** RSS and Atom in all their versions: those of arXiv, its API's answers, and any other. */
export const xmlFeed: Format = {
  name: 'RSS or Atom',
  recognises: text => xmlRoot.test(text.slice(0, 5000)),
  parse(text, options) {
    const root = parseXml(text, options.source);
    const isAtom = /^feed$/i.test(root.name);
    const channels = childrenOf(root, 'channel');
    // RSS 2.0 and its forebears have the items in the channel, 1.0 (RDF) beside it.
    const elements = isAtom
      ? childrenOf(root, 'entry')
      : [...channels, root].flatMap(place => childrenOf(place, 'item'));
    checkForError(elements, options.source);
    const read = isAtom ? readAtomEntry : readRssItem;
    const entries = elements.map(element => readAnnouncement(element, read(element)));
    return entriesDigest(entries, dayOfFeed(channels[0] ?? root), options);
  },
};

/** When the feed itself was made, which is the day of an announcement without entries. */
function dayOfFeed(channel: Element): string | null {
  const names = ['pubDate', 'updated', 'lastBuildDate', 'dc:date'];
  return names.map(name => childText(channel, name)).find(text => text !== '') ?? null;
}

/** What stands before the abstract in arXiv's lists of a day. */
const preamble = /^\s*arXiv:\S+\s+Announce Type:\s*([\w-]+)\s*(?:Abstract:\s*)?/i;

/** Announcements of papers that are new in the list; `replace` and `replace-cross` are old ones. */
const fresh = new Set(['new', 'cross']);

/**
 * Reads an entry's element as arXiv writes its lists of a day
 * (https://info.arxiv.org/help/rss_specifications.html): the abstract below a preamble, all authors
 * in one `dc:creator`. Null for a replacement; any other entry comes back as it is.
 */
function readAnnouncement(element: Element, entry: Entry): Entry | null {
  const [, named] = preamble.exec(entry.text) ?? [];
  const type = childText(element, 'arxiv:announce_type').trim() || named;
  if (!type) return entry;
  if (!fresh.has(type.toLowerCase())) return null;
  const creators = childrenOf(element, 'dc:creator').map(textOf).join(', ');
  // Some have an affiliation in brackets, with commas of its own.
  const names = splitNames(cleanText(creators).replace(/ ?\([^()]{0,300}\)/g, ''));
  // Not markup, though it may look like it: x<y>.
  const text = textOf(childrenOf(element, 'summary', 'description')[0] ?? element);
  return {
    ...entry,
    title: childText(element, 'title'),
    text: text.replace(preamble, ''),
    authors: names.length > 0 ? names : entry.authors,
  };
}

/**
 * Throws what the arXiv API says is wrong with the question: it answers with an entry `Error`
 * (https://info.arxiv.org/help/api/user-manual.html, §3.4).
 */
function checkForError(entries: readonly Element[], source: string): void {
  const about = /^\s*https?:\/\/(?:export\.)?arxiv\.org\/api\/errors/;
  const error = entries.find(entry => about.test(childText(entry, 'id')));
  if (!error) return;
  throw new InputError(`${source}: arXiv says: ${excerpt(childText(error, 'summary'), 200)}`);
}

/** An `entry` of an Atom document (RFC 4287), as the arXiv API and many sites answer. */
function readAtomEntry(entry: Element): Entry {
  return {
    title: construct(entry, 'title'),
    text: construct(entry, 'summary') || construct(entry, 'content'),
    links: [
      ...hrefs(entry, ({ rel = 'alternate' }) => rel === 'alternate'),
      childText(entry, 'id').trim(),
    ],
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

function hrefs(entry: Element, wanted: (link: Element['attributes']) => boolean): string[] {
  return childrenOf(entry, 'link').flatMap(({ attributes }) =>
    attributes.href && wanted(attributes) ? [attributes.href] : [],
  );
}

/** An `item` of an RSS document of any version (https://www.rssboard.org/rss-specification). */
function readRssItem(item: Element): Entry {
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
