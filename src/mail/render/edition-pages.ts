import type { Edition } from '../../edition/edition.ts';
import { longDay } from '../../lib/day.ts';
import { extentAt } from './budget.ts';
import type {
  ArchiveEntry,
  ArchivePage,
  EditionLink,
  EditionPage,
  HomePage,
  Site,
} from './page-views.ts';
import { type EditionView, editionViewer } from './view.ts';

/** What the layout of all pages asks for beside the title. */
export type Head = {
  /** Whether search engines may list the page. */
  readonly indexed: boolean;
  /** Whether it is the first page, and its title the newsletter's name. */
  readonly front: boolean;
  readonly description: string | null;
  /** Its one absolute address; null where it has none. */
  readonly canonical: string | null;
};

/** A page that nobody should find but who has the link. */
export const quietHead: Head = {
  indexed: false,
  front: false,
  description: null,
  canonical: null,
};

/** The whole edition, whatever its size. */
export function viewWhole(edition: Edition): EditionView & { readonly weekly: boolean } {
  const whole = { picks: edition.picks.length, also: edition.also.length };
  return { ...editionViewer(edition)(extentAt(0, whole)), weekly: edition.kind === 'weekly' };
}

/** The first page as its template sees it. */
export function viewHome(page: HomePage, { base, promise }: Site) {
  const head = { indexed: base !== null, front: true, description: promise };
  return {
    ...head,
    canonical: base && `${base}/`,
    form: { ...page.form, weekly: page.form.frequency === 'weekly' },
    shown: page.edition && viewWhole(page.edition),
    href: page.path === null ? null : pathTo(page.path),
  };
}

/** An edition's own page as its template sees it. */
export function viewEdition(page: EditionPage, { base }: Site) {
  const view = viewWhole(page.edition);
  const href = page.path === null ? null : pathTo(page.path);
  return {
    ...view,
    indexed: page.indexed,
    front: false,
    description: view.preheader,
    canonical: base && href && `${base}${href}`,
    earlier: viewLink(page.earlier),
    later: viewLink(page.later),
    neighbours: page.earlier !== null || page.later !== null,
  };
}

/** The archive as its template sees it. */
export function viewArchive({ search, months, older }: ArchivePage, { base }: Site) {
  return {
    ...quietHead,
    indexed: base !== null && search === '',
    search,
    older,
    months: months.map(({ label, editions }) => ({
      label,
      editions: editions.map(entry => viewEntry(entry, search)),
    })),
  };
}

const titlesShown = 3;

/** An entry says which of its titles were searched for, or else the first of them. */
function viewEntry({ path, kind, date, subject, titles }: ArchiveEntry, search: string) {
  const lead = subject.replace(/…$/, '');
  const others = titles.filter(title => !subject.includes(title) && !title.startsWith(lead));
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = others.filter(title => words.some(word => title.toLowerCase().includes(word)));
  const shown = (found.length ? found : others).slice(0, titlesShown);
  return {
    href: pathTo(path),
    weekly: kind === 'weekly',
    date,
    weekday: shortDay(date),
    subject,
    titles: shown,
    more: others.length - shown.length,
  };
}

/** `Wed 3`: the month stands above. */
function shortDay(date: string): string {
  const [weekday = '', day = ''] = longDay(date).split(/,? /);
  return `${weekday.slice(0, 3)} ${day}`;
}

function viewLink(link: EditionLink | null) {
  return link && { href: pathTo(link.path), label: link.label };
}

/** An edition's page, below this site. */
export function pathTo(path: string): string {
  return `/editions/${encodeURIComponent(path)}`;
}
