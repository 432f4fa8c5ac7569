import { z } from 'zod';
import { InputError } from '../lib/errors.ts';
import { type Entry, entriesDigest } from './feed-entry.ts';
import { checkCount, type Format, loose, parseJson } from './format.ts';
import { htmlToText, plainText } from './markup.ts';

/** JSON Feed, 1 and 1.1. */
export const jsonFeed: Format = {
  name: 'JSON Feed',
  recognises: text => /^\s*\{[\s\S]{0,300}"https?:\/\/jsonfeed\.org\/version\//.test(text),
  parse(text, options) {
    return entriesDigest(
      readJsonFeed(parseJson(text, options.source), options.source),
      null,
      options,
    );
  },
};

const text = loose(z.string());
const author = z.object({ name: text });

const anyList = z.object({ items: z.array(z.unknown()) });

const schema = z.object({
  items: z.array(
    z
      .object({
        id: text,
        url: text,
        external_url: text,
        title: text,
        summary: text,
        content_text: text,
        content_html: text,
        date_published: text,
        authors: loose(z.array(author)),
        author: loose(author),
      })
      .catch({}),
  ),
});

/** The items of a JSON Feed (https://jsonfeed.org/version/1.1, and version 1). Throws InputError. */
function readJsonFeed(json: unknown, source: string): Entry[] {
  checkCount(anyList.safeParse(json).data?.items.length ?? 0, source);
  const feed = schema.safeParse(json);
  if (!feed.success) throw new InputError(`${source}: this JSON Feed has no list of items.`);
  return feed.data.items.map(item => ({
    title: plainText(item.title ?? ''),
    text: item.summary || item.content_text || htmlToText(item.content_html ?? ''),
    links: [item.url ?? '', item.external_url ?? '', item.id ?? ''],
    pdfUrl: null,
    authors: (item.authors ?? [item.author]).map(author => author?.name ?? ''),
    published: item.date_published ?? '',
  }));
}
