import type { Paper } from '../../digest/digest.ts';
import type { Edition } from '../../edition/edition.ts';
import { summarise } from '../../edition/summarise.ts';
import { longDay } from '../../lib/day.ts';
import { clip, oneLine } from '../../lib/text.ts';
import { httpUrl } from './escape.ts';
import { readMarkdown } from './markdown.ts';
import type { Masthead, SlotMarks } from './rendered.ts';

const titleChars = 300;
const nameChars = 80;
const authorsShown = 3;

/** How long summaries are (in characters), and how many titles are listed. */
export type Extent = {
  readonly lead: number;
  readonly summary: number;
  readonly picks: number;
  readonly also: number;
};

/** What an edition's templates show, but for the footer. */
export type EditionView = ReturnType<ReturnType<typeof editionViewer>>;

/**
 * Prepares the edition for its templates, so that it can be shortened to any extent. What does not depend
 * on the extent is done once: the search for the extent that fits tries a dozen.
 */
export function editionViewer(edition: Edition) {
  const papers = [...edition.picks.map(pick => pick.paper), ...edition.also];
  const views = papers.map(viewPaper);
  const given = edition.picks.map(({ summary, note }) => ({
    summary: summary && oneLine(summary),
    note: note && oneLine(note),
  }));
  const abstracts = edition.picks.map(({ paper }) => oneLine(paper.abstract));
  // Editions that earlier versions stored have no `tldr`.
  const tldrs = edition.picks.map(({ paper }) => (paper.tldr ? oneLine(paper.tldr) : null));
  const whole = {
    subject: oneLine(edition.subject),
    preheader: oneLine(edition.preheader),
    /** `Wednesday, 3 September 2025`. */
    date: longDay(edition.date),
    day: edition.date,
    intro: readMarkdown(edition.intro ?? ''),
  };
  return (extent: Extent) => ({
    ...whole,
    /** `10 of 53 papers · picked by AK and the research community`. */
    tagline: tagline(edition, extent.picks),
    picks: views.slice(0, extent.picks).map((view, at) => ({
      ...view,
      summary:
        given[at]?.summary ??
        summarise(abstracts[at] ?? '', view.lead ? extent.lead : extent.summary, tldrs[at]),
      /** The editor's word on it; empty where there is none. */
      note: given[at]?.note ?? '',
    })),
    also: views.slice(edition.picks.length).slice(0, extent.also),
  });
}

/** One paper as the templates see it. Text is plain; addresses are http(s). */
function viewPaper(paper: Paper, at: number) {
  const meta = [upvotes(paper), authors(paper)].filter(Boolean).join(' · ');
  const links = [
    { label: 'PDF', url: paper.pdfUrl },
    { label: 'Code', url: paper.codeUrl },
  ].flatMap(({ label, url }) => (url ? [{ label, href: httpUrl(url) }] : []));
  return {
    lead: at === 0,
    /** Its number in the edition, with a full stop, for a column of three: ` 1.`. */
    number: `${at + 1}.`.padStart(3),
    title: clip(oneLine(paper.title), titleChars),
    href: httpUrl(paper.url),
    /** `▲ 128 · Ada Lovelace, Grace Hopper +2`; empty where nothing is known. */
    meta,
    links,
    /** Whether the line of `meta` and `links` has anything in it. */
    known: meta !== '' || links.length > 0,
  };
}

function upvotes({ upvotes }: Paper): string {
  return upvotes === null ? '' : `▲ ${upvotes.toLocaleString('en')}`;
}

/** `Ada Lovelace, Grace Hopper, Alan Turing +4`; `7 authors` where only that is known. */
function authors({ authors, authorCount }: Paper): string {
  const count = Math.max(authorCount ?? 0, authors.length);
  if (authors.length === 0) return count ? `${count} author${count === 1 ? '' : 's'}` : '';
  const shown = authors.slice(0, authorsShown).map(name => clip(oneLine(name), nameChars));
  const more = count - shown.length;
  return `${shown.join(', ')}${more ? ` +${more}` : ''}`;
}

function tagline({ curator, total }: Edition, shown: number): string {
  const of = total > shown ? `${shown} of ${total}` : `${shown}`;
  const papers = `${of} ${of === '1' ? 'paper' : 'papers'}`;
  return curator ? `${papers} · picked by ${clip(oneLine(curator), nameChars)}` : papers;
}

/** What stands below an edition. */
export type FooterView = ReturnType<typeof viewFooter>;

/**
 * The footer of a mail: why one gets it, how to leave, where else to read it. `path` is the edition's
 * page below `/editions/`, null where it has none.
 */
export function viewFooter(
  { name, postalAddress, links }: Masthead,
  slots: SlotMarks,
  path: string | null,
) {
  const base = links.style === 'web' ? links.base : null;
  const byReply = base ? '' : 'To leave, reply with “unsubscribe”. ';
  return {
    why: `You get ${name} because your address is on its list${base ? ` at ${new URL(base).host}` : ''}.`,
    /** What a reader does by replying, since no link does it. */
    reply:
      base && slots.preferences ? null : `${byReply}To change how you get it, reply and say so.`,
    postalAddress,
    homeUrl: base && `${base}/`,
    /** Null if readers unsubscribe by replying. */
    unsubscribeUrl: base && `${base}/unsubscribe/${slots.unsubscribe}`,
    preferencesUrl: base && slots.preferences && `${base}/preferences/${slots.preferences}`,
    editionUrl: base && path && `${base}/editions/${encodeURIComponent(path)}`,
  };
}
