import type { App } from '../app.ts';
import { importLists } from '../delivery/freeze.ts';
import type { Prepared } from '../delivery/prepare.ts';
import { describeImport } from '../readers/import.ts';
import type { Person } from '../readers/list.ts';
import { countAudience, countNamed } from '../store/audience.ts';
import { countDeliveries } from '../store/reports.ts';
import { type Io, say } from './io.ts';

/** Who an edition would go to now. */
export type Recipients = {
  /** Those who have no delivery of it yet. */
  readonly missing: number;
  /** Those whose delivery is not done. */
  readonly waiting: number;
  /** Those who have it. */
  readonly had: number;
  /** Those who got none and will get none: refused for good, or left meanwhile. */
  readonly lost: number;
  /** Named with `--to` and not suppressed; null where it goes to all its readers. */
  readonly people: readonly Person[] | null;
};

/** Counts who an edition would go to, after importing list files that changed. */
export async function findRecipients(
  io: Io,
  app: App,
  { edition, existing }: Prepared,
  named: readonly Person[],
  options: { readonly again?: true; readonly dryRun?: true },
): Promise<Recipients> {
  // A dry run changes nothing, so it does not import either.
  if (!options.dryRun) await sayImported(io, app);
  const { db, runtime } = app;
  const editionId = existing && !options.again ? existing.id : null;
  const people = await app.list.mailable(named);
  for (const { address } of named.filter(person => !people.includes(person))) {
    say(io, `${address.address} left or was removed, and will not get it`);
  }
  const keys = people.map(({ address }) => address.key);
  const missing =
    named.length > 0
      ? await countNamed(db, keys, editionId)
      : await countAudience(db, edition.kind, editionId, runtime.now());
  const known = named.length > 0 ? await app.list.knownIds(people) : undefined;
  const counts = editionId === null ? null : await countDeliveries(db, editionId, known);
  const waiting = counts ? counts.queued + counts.deferred + counts.sending : 0;
  const lost = counts ? counts.failed + counts.skipped : 0;
  return {
    missing,
    waiting,
    had: counts?.sent ?? 0,
    lost,
    people: named.length > 0 ? people : null,
  };
}

async function sayImported(io: Io, { publishing }: App): Promise<void> {
  for (const report of await importLists(publishing)) {
    const { file } = report;
    if ('leftOut' in report) {
      const why = 'it may name people who opted out';
      say(io, `${file} is left out: ${why}. To answer: paperround subscribers import ${file}`);
    } else say(io, `${file}: ${describeImport(report, 'subscriber')}`);
  }
}
