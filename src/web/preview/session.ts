import { basename, dirname } from 'node:path';
import type { LoadedDigest } from '../../digest/digest.ts';
import type { Edition, EditionKind } from '../../edition/edition.ts';
import type { EditOptions } from '../../edition/edits.ts';
import { type Day, localDay } from '../../lib/day.ts';
import { InputError } from '../../lib/errors.ts';
import type { Rendered } from '../../mail/render/rendered.ts';
import { type Choice, choiceKey, readChoice } from './choice.ts';
import { composeFrom } from './compose.ts';
import { createPress, emptyFeatures, type Press, type PressParts, type Proof } from './press.ts';
import { type Trouble, troubleOf } from './trouble.ts';
import { type Watched, watchFiles } from './watch.ts';

/** The settings that an edition depends on. */
export type PreviewSettings = PressParts & {
  readonly papers: number;
  readonly timeZone: string;
  /** Sends it to one address, and gives null, or why it was not sent. Throws where settings lack. */
  readonly sendTest: (rendered: Rendered, address: string) => Promise<string | null>;
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

export type SessionParts = {
  /** Reads the settings again. Throws a UsageError. */
  readonly readSettings: () => PreviewSettings;
  readonly source: PreviewSource;
  readonly editOptions: EditOptions;
  /** In place of PAPERS. */
  readonly papers: number | undefined;
  /** In place of today. */
  readonly date: Day | undefined;
};

/** What there is to see: the newest proof that came about, and what is wrong now. */
export type Shown = { readonly proof: Proof | null; readonly trouble: Trouble | null };

/** A preview that goes on while files change. */
export type Session = {
  readonly source: PreviewSource;
  settings(): PreviewSettings;
  show(choice: Choice): Promise<Shown>;
  /** Calls `onChange` after a template, the digest or the settings changed, until it is closed. */
  watch(onChange: () => void): { close(): void };
};

/** Begins a preview: reads nothing but the settings yet. Throws a UsageError for these. */
export function createSession(parts: SessionParts): Session {
  const { readSettings, source } = parts;
  let settings = readSettings();
  let press: Press | null = null;
  let fault: unknown = null;
  const baseline = emptyFeatures();
  const digests = new Map<string, Promise<LoadedDigest>>();
  const shown = new Map<string, Promise<Shown>>();
  const good = new Map<string, Proof>();

  const load = (wanted: Parameters<PreviewSource['load']>[0]) => {
    const key = JSON.stringify(wanted);
    const known = digests.get(key) ?? source.load(wanted);
    digests.set(key, known);
    // What failed may be there the next time.
    known.catch(() => digests.delete(key));
    return known;
  };
  const prove = async (choice: Choice): Promise<Shown> => {
    const key = choiceKey(choice);
    try {
      if (fault) throw fault;
      press ??= createPress(settings, await baseline);
      const proof = await press.prove(
        await editionOf({ ...parts, source: { ...source, load } }, settings, choice),
      );
      good.set(key, proof);
      return { proof, trouble: null };
    } catch (error) {
      // Its last state stays to be seen behind what is wrong now.
      return { proof: good.get(key) ?? null, trouble: troubleOf(error) };
    }
  };
  const readAgain = () => {
    try {
      settings = readSettings();
      fault = null;
      digests.clear();
    } catch (error) {
      fault = error;
    }
  };

  return {
    source,
    settings: () => settings,
    show: choice => {
      const key = choiceKey(choice);
      const known = shown.get(key) ?? prove(choice);
      shown.set(key, known);
      // What failed may be there the next time.
      const forget = () => shown.get(key) === known && shown.delete(key);
      known.then(({ trouble }) => trouble && forget(), forget);
      return known;
    },
    watch: onChange => {
      const begin = (watched: readonly Watched[], change: () => void) =>
        watchFiles(watched, () => {
          change();
          shown.clear();
          onChange();
        });
      const dropPress = () => {
        press = null;
      };
      const watchTemplates = () => begin([{ folder: settings.templates }], dropPress);
      let templates = watchTemplates();
      const others = [
        begin(digestFiles(source), () => digests.clear()),
        begin([{ folder: '.', file: '.env' }], () => {
          readAgain();
          dropPress();
          templates.close();
          templates = watchTemplates();
        }),
      ];
      return {
        close: () => {
          for (const one of [templates, ...others]) one.close();
        },
      };
    },
  };
}

/** The edition that would be sent, once. Throws what is wrong with its digest or templates. */
export async function proveOnce(parts: SessionParts): Promise<Proof> {
  const settings = parts.readSettings();
  const press = createPress(settings, await emptyFeatures());
  const choice = { ...readChoice({}), kind: parts.source.kind };
  return press.prove(await editionOf(parts, settings, choice));
}

async function editionOf(
  { source, editOptions, papers, date: asked }: SessionParts,
  settings: PreviewSettings,
  { what, kind, date: chosen }: Choice,
): Promise<Edition> {
  if (what !== 'papers' && 'stored' in what) {
    const edition = await source.getStored(what.stored);
    if (!edition) throw new InputError(`there is no edition ${what.stored} in the database`);
    return edition;
  }
  const day = what === 'papers' ? null : what.day;
  const date = chosen ?? day ?? asked ?? localDay(settings.now(), settings.timeZone);
  const digest = await source.load({ kind, date, day });
  const { name } = settings.masthead;
  return composeFrom(digest, { kind, date, papers: papers ?? settings.papers, name, editOptions });
}

function digestFiles({ files, folder }: PreviewSource): readonly Watched[] {
  const named = files.map(path => ({ folder: dirname(path), file: basename(path) }));
  return folder === null ? named : [{ folder }, ...named];
}
