import type { EditionKind } from '../../edition/edition.ts';
import { type Day, isDay } from '../../lib/day.ts';
import { type View, views } from './frames.ts';

/** What the editor looks at. */
export type Choice = {
  /** `papers` (the digest's), a stored edition by its id, or the day of a file in the folder. */
  readonly what: 'papers' | { readonly stored: number } | { readonly day: Day };
  /** What kind of reader gets it; a stored edition has its own. */
  readonly kind: EditionKind;
  /** The edition's day; today where it is left out. */
  readonly date: Day | null;
  readonly view: View;
};

const kinds: readonly EditionKind[] = ['daily', 'weekly', 'manual'];

/** What a query asks for; what cannot be read is as if it were not there. */
export function readChoice(query: Readonly<Record<string, string | undefined>>): Choice {
  const { edition = '', date = '' } = query;
  const [, id] = /^stored-(\d{1,9})$/.exec(edition) ?? [];
  const [, day = ''] = /^day-(.+)$/.exec(edition) ?? [];
  return {
    what: id ? { stored: Number(id) } : isDay(day) ? { day } : 'papers',
    kind: kinds.find(kind => kind === query.kind) ?? 'daily',
    date: isDay(date) ? date : null,
    view: views.find(view => view === query.view) ?? 'desktop',
  };
}

/** What `readChoice` reads for the edition. */
export function editionValue(what: Choice['what']): string {
  if (what === 'papers') return 'papers';
  return 'stored' in what ? `stored-${what.stored}` : `day-${what.day}`;
}

/** The choice as a query, `?edition=papers&kind=daily&view=phone`; `view` may be another. */
export function choiceQuery({ what, kind, date, view }: Choice): string {
  const fields = { edition: editionValue(what), kind, ...(date ? { date } : {}), view };
  return `?${new URLSearchParams(fields)}`;
}

/** What makes an edition the same, in whatever view. */
export function choiceKey(choice: Choice): string {
  return choiceQuery({ ...choice, view: 'desktop' });
}
