import type { EditionKind } from '../edition/edition.ts';
import type { Database } from './database.ts';

/** All that is kept of one reader, as they download it. Instants are ISO 8601. */
export type PersonalData = {
  readonly subscriber: object;
  readonly editions: readonly { readonly kind: EditionKind; readonly date: string }[];
  readonly notices: readonly object[];
};

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

/** All that is kept of one reader; null where there is none. */
export async function personalData(
  db: Database,
  subscriberId: number,
): Promise<PersonalData | null> {
  const row = await db
    .selectFrom('subscribers')
    .select(['address', 'name', 'status', 'frequency', 'source'])
    .select(['created_at', 'changed_at', 'paused_until'])
    .where('id', '=', subscriberId)
    .executeTakeFirst();
  if (!row) return null;
  const { created_at, changed_at, paused_until, ...known } = row;
  const editions = await db
    .selectFrom('deliveries')
    .innerJoin('editions', 'editions.id', 'deliveries.edition_id')
    .select(['editions.kind', 'editions.date', 'deliveries.state', 'deliveries.reply'])
    .select('deliveries.sent_at')
    .where('subscriber_id', '=', subscriberId)
    .orderBy('editions.id')
    .execute();
  const change = await db
    .selectFrom('address_changes')
    .select('address')
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst();
  const notices = await db
    .selectFrom('notices')
    .select(['purpose', 'state', 'reply', 'created_at', 'sent_at'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('id')
    .execute();
  return {
    subscriber: {
      ...known,
      since: iso(created_at),
      changed: iso(changed_at),
      pausedUntil: iso(paused_until),
      addressAskedFor: change?.address ?? null,
    },
    editions: editions.map(({ sent_at, ...edition }) => ({ ...edition, sent: iso(sent_at) })),
    notices: notices.map(({ created_at, sent_at, ...notice }) => ({
      ...notice,
      asked: iso(created_at),
      sent: iso(sent_at),
    })),
  };
}
