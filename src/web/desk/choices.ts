import { noMemory } from '../../delivery/candidates.ts';
import {
  editionKey,
  type PrepareParts,
  prepare,
  renderWhole,
  somethingNew,
} from '../../delivery/prepare.ts';
import {
  type Preview,
  type PreviewParts,
  previewOf,
  type TestParts,
} from '../../delivery/preview.ts';
import type { ConnectFailure, Connection } from '../../delivery/smtp.ts';
import type { LoadedDigest } from '../../digest/digest.ts';
import type { Edition, EditionKind } from '../../edition/edition.ts';
import type { EditOptions } from '../../edition/edits.ts';
import { type Day, isDay, localDay, longDay } from '../../lib/day.ts';
import { InputError } from '../../lib/errors.ts';

/** What an edition depends on, as the settings say. */
export type PreviewSettings = Omit<PrepareParts, 'memory'> &
  PreviewParts &
  TestParts & {
    readonly papers: number;
    readonly timeZone: string;
    /** Connects for a test send. Throws a UsageError where settings lack. */
    connect(): Promise<Connection | ConnectFailure>;
  };

/** Where papers and editions come from. */
export type PreviewSource = {
  /** What the papers come from, for people. */
  readonly label: string;
  /** The kind of edition that is shown first. */
  readonly kind: EditionKind;
  /** The days of the files in the folder that was named; none where it is no folder. */
  days(): readonly Day[];
  /** The digest, or that of one of `days()`. Throws an InputError. */
  load(wanted: { kind: EditionKind; date: Day; day: Day | null }): Promise<LoadedDigest>;
  /** The files that it is read from. */
  readonly files: readonly string[];
  readonly folder: string | null;
  /** The newest editions that the database keeps; none where there is no database. */
  listStored(): Promise<readonly { readonly id: number; readonly edition: Edition }[]>;
  getStored(id: number): Promise<Edition | null>;
};

/** What was asked for when the preview was begun. */
export type PreviewAsked = {
  readonly source: PreviewSource;
  readonly editOptions: EditOptions;
  /** In place of PAPERS. */
  readonly papers: number | undefined;
  /** In place of today. */
  readonly date: Day | undefined;
};

/** Which edition the editor looks at. */
export type PreviewChoice = {
  /** `papers` (the digest's), a stored edition by its id, or the day of a file in the folder. */
  readonly what: 'papers' | { readonly stored: number } | { readonly day: Day };
  /** What kind of reader gets it; a stored edition has its own. */
  readonly kind: EditionKind;
  /** The edition's day; today where it is left out. */
  readonly date: Day | null;
};

const kinds: readonly EditionKind[] = ['daily', 'weekly', 'manual'];

/** What a query asks for; what cannot be read is as if it were not there. */
export function readChoice(query: Readonly<Record<string, string | undefined>>): PreviewChoice {
  const { edition = '', date = '' } = query;
  const [, id] = /^stored-(\d{1,9})$/.exec(edition) ?? [];
  const [, day = ''] = /^day-(.+)$/.exec(edition) ?? [];
  return {
    what: id ? { stored: Number(id) } : isDay(day) ? { day } : 'papers',
    kind: kinds.find(kind => kind === query.kind) ?? 'daily',
    date: isDay(date) ? date : null,
  };
}

/** The choice as a query: the other way round. */
export function choiceQuery({ what, kind, date }: PreviewChoice): Record<string, string> {
  return { edition: editionValue(what), kind, ...(date ? { date } : {}) };
}

function editionValue(what: PreviewChoice['what']): string {
  if (what === 'papers') return 'papers';
  return 'stored' in what ? `stored-${what.stored}` : `day-${what.day}`;
}

/**
 * The edition that was chosen, as if none had been before it. Throws what is wrong with its digest,
 * its edits or the templates.
 */
export async function previewChoice(
  settings: PreviewSettings,
  { source, editOptions, ...asked }: PreviewAsked,
  { what, kind, date: chosen }: PreviewChoice,
): Promise<Preview> {
  if (what !== 'papers' && 'stored' in what) {
    const edition = await source.getStored(what.stored);
    if (!edition) throw new InputError(`there is no edition ${what.stored} in the database`);
    return previewOf(settings, await renderWhole(settings, edition, editionKey(edition)));
  }
  const day = what === 'papers' ? null : what.day;
  const today = localDay(settings.runtime.now(), settings.timeZone);
  const date = chosen ?? day ?? asked.date ?? today;
  const digest = await source.load({ kind, date, day });
  const request = { kind, date, digest, papers: asked.papers ?? settings.papers, editOptions };
  const prepared = await prepare({ ...settings, memory: noMemory }, request);
  return previewOf(settings, somethingNew(prepared));
}

/** What may be chosen, for `desk/chooser.hbs`. `edition`: the one that is shown, if any is. */
export async function viewChooser(
  source: PreviewSource,
  { what, kind, date }: PreviewChoice,
  edition: Edition | undefined,
) {
  const value = editionValue(what);
  const option = (name: string, label: string) => ({
    value: name,
    label,
    selected: name === value,
  });
  const stored = await source.listStored();
  return {
    papers: [option('papers', source.label)],
    days: source.days().map(day => option(`day-${day}`, longDay(day))),
    stored: stored.map(({ id, edition: { kind, date, subject } }) =>
      option(`stored-${id}`, `${date} ${kind}: ${subject}`),
    ),
    kinds: kinds.map(one => ({
      value: one,
      label: one === 'manual' ? 'everybody, by hand' : `${one} readers`,
      selected: one === (edition?.kind ?? kind),
    })),
    fixed: what !== 'papers' && 'stored' in what,
    date: date ?? edition?.date ?? '',
  };
}
