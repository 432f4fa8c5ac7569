import type { Digest } from '../../digest/digest.ts';
import { composeEdition } from '../../edition/compose.ts';
import type { Edition, EditionKind } from '../../edition/edition.ts';
import { applyEdits, type EditOptions, readEditOptions } from '../../edition/edits.ts';
import { paperIndex } from '../../edition/paper-history.ts';
import { pickPapers } from '../../edition/pick.ts';
import type { Day } from '../../lib/day.ts';

/** What is to be seen of a digest. */
export type Wanted = {
  readonly kind: EditionKind;
  readonly date: Day;
  /** How many papers. */
  readonly papers: number;
  /** The newsletter's name. */
  readonly name: string;
  readonly editOptions: EditOptions;
};

/**
 * The edition of a digest as if none had been before it. Throws an InputError for edits that cannot be.
 */
export function composeFrom(
  digest: Digest,
  { kind, date, papers, name, editOptions }: Wanted,
): Edition {
  const chosen = pickPapers(digest, { count: papers, carried: paperIndex() });
  const edits = readEditOptions(editOptions, digest, chosen, papers);
  const { picks, rest } = applyEdits(digest, chosen, edits);
  const { subject, preheader, intro } = edits;
  return composeEdition({ kind, date, digest, picks, rest, name, subject, preheader, intro });
}
