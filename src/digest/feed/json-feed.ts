import { z } from 'zod';
import { InputError } from '../../lib/errors.ts';
import { htmlToText, plainText } from '../html.ts';
import { checkCount } from '../json.ts';
import type { Entry } from './entry.ts';

const text = z.string().nullish().catch(null);
const names = z
  .array(z.object({ name: text }))
  .nullish()
  .catch(null);

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
        authors: names,
        author: z.object({ name: text }).nullish().catch(null),
      })
      .catch({}),
  ),
});

/** The items of a JSON Feed (https://jsonfeed.org/version/1.1, and version 1). Throws InputError. */
export function readJsonFeed(json: unknown, source: string): Entry[] {
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
