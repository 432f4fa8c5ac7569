import { EmptyDigestError } from './empty.ts';
import { checkForError, readAnnouncement } from './feed/arxiv.ts';
import { readAtomEntry } from './feed/atom.ts';
import { dayOf, type Entry, toPaper } from './feed/entry.ts';
import { readJsonFeed } from './feed/json-feed.ts';
import { readRssItem, rssItems } from './feed/rss.ts';
import type { Format, ParsedDigest, ParseOptions } from './format.ts';
import { parseJson } from './json.ts';
import { collectPapers } from './left-out.ts';
import { childrenOf, childText, type Element, parseXml } from './xml.ts';

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
    const elements = isAtom ? childrenOf(root, 'entry') : rssItems(root);
    checkForError(elements, options.source);
    const read = isAtom ? readAtomEntry : readRssItem;
    const entries = elements.map(element => readAnnouncement(element, read(element)));
    const channel = childrenOf(root, 'channel')[0] ?? root;
    return toDigest(entries, dayOfFeed(channel), options);
  },
};

/** JSON Feed, 1 and 1.1. */
export const jsonFeed: Format = {
  name: 'JSON Feed',
  recognises: text => /^\s*\{[\s\S]{0,300}"https?:\/\/jsonfeed\.org\/version\//.test(text),
  parse(text, options) {
    return toDigest(readJsonFeed(parseJson(text, options.source), options.source), null, options);
  },
};

/** When the feed itself was made, which is the day of an announcement without entries. */
function dayOfFeed(channel: Element): string | null {
  const names = ['pubDate', 'updated', 'lastBuildDate', 'dc:date'];
  return names.map(name => childText(channel, name)).find(text => text !== '') ?? null;
}

/** Entries that are null are not meant for readers: they are passed over, not left out. */
function toDigest(
  entries: readonly (Entry | null)[],
  made: string | null,
  { referenceDay, date = referenceDay, source }: ParseOptions,
): ParsedDigest {
  const fresh = entries.filter(entry => entry !== null);
  if (fresh.length === 0) {
    const old = entries.length > 0 ? ' that are new, only replacements' : '';
    throw new EmptyDigestError(`${source}: it lists no papers${old}.`);
  }
  const days = fresh.map(({ published }) => dayOf(published)).filter(day => day !== null);
  const newest = days.sort().at(-1) ?? (made && dayOf(made)) ?? date;
  return { date: newest, curator: null, ...collectPapers(fresh.map(toPaper), source) };
}
