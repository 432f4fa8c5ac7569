import { InputError } from '../../lib/errors.ts';
import { cleanText, excerpt } from '../../lib/text.ts';
import { splitNames } from '../capture/furniture.ts';
import { childrenOf, childText, type Element, textOf } from '../xml.ts';
import type { Entry } from './entry.ts';

/** What stands before the abstract in arXiv's lists of a day. */
const preamble = /^\s*arXiv:\S+\s+Announce Type:\s*([\w-]+)\s*(?:Abstract:\s*)?/i;

/** Announcements of papers that are new in the list; `replace` and `replace-cross` are old ones. */
const fresh = new Set(['new', 'cross']);

/**
 * Reads an entry's element as arXiv writes its lists of a day
 * (https://info.arxiv.org/help/rss_specifications.html): the abstract below a preamble, all authors
 * in one `dc:creator`. Null for a replacement; any other entry comes back as it is.
 */
export function readAnnouncement(element: Element, entry: Entry): Entry | null {
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
export function checkForError(entries: readonly Element[], source: string): void {
  for (const entry of entries) {
    if (!/^https?:\/\/(?:export\.)?arxiv\.org\/api\/errors/.test(childText(entry, 'id').trim()))
      continue;
    throw new InputError(`${source}: arXiv says: ${excerpt(childText(entry, 'summary'), 200)}`);
  }
}
