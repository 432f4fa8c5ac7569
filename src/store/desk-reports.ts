import { sql } from 'kysely';
import type { Paper } from '../digest/digest.ts';
import type { EditionKind } from '../edition/edition.ts';
import type { Day } from '../lib/day.ts';
import type { Database } from './database.ts';
import type { EditionStatus, Frequency } from './schema.ts';
import { like } from './sqlite.ts';

/** Who an edition would go to now. */
export type AudienceReport = {
  /** Those who would get it, by what they subscribed to. */
  readonly gets: Readonly<Record<Frequency, number>>;
  /** Those who would not, and why, commonest first. */
  readonly skipped: readonly { readonly why: string; readonly count: number }[];
};

/** Who an edition of this kind would go to now, and who is left out and why; decided as freezing does. */
export async function audienceReport(
  db: Database,
  kind: EditionKind,
  now: number,
): Promise<AudienceReport> {
  const { rows } = await sql<{ why: string; frequency: Frequency; count: number }>`
    select why, frequency, count(*) as count from (
      select frequency, case
        when exists (select 1 from suppressions where address_hash = subscribers.address_hash)
          or status = 'unsubscribed' then 'left or were removed'
        when status = 'pending' then 'have not confirmed yet'
        when status = 'guest' then 'were named once and are on no list'
        when status <> 'active' then status
        when ${kind} <> 'manual' and frequency <> ${kind} then 'get the ' || frequency || ' edition'
        when paused_until > ${now} then 'take a break'
        else '' end as why
      from subscribers)
    group by why, frequency order by count desc`.execute(db);
  const gets = { daily: 0, weekly: 0 };
  const skipped = new Map<string, number>();
  for (const { why, frequency, count } of rows) {
    if (why === '') gets[frequency] += count;
    else skipped.set(why, (skipped.get(why) ?? 0) + count);
  }
  return { gets, skipped: [...skipped].map(([why, count]) => ({ why, count })) };
}

/** An edition in the calendar. Instants are UTC ms. */
export type CalendarRow = {
  readonly id: number;
  readonly kind: EditionKind;
  readonly date: Day;
  readonly status: EditionStatus;
  readonly reason: string | null;
  readonly subject: string;
  readonly sendAt: number | null;
  readonly finishedAt: number | null;
};

/** The newest editions, at most `limit`; what is scheduled stands first. */
export async function calendar(db: Database, limit: number): Promise<readonly CalendarRow[]> {
  const { rows } = await sql<CalendarRow>`
    select id, kind, date, status, reason, subject, send_at as "sendAt",
      finished_at as "finishedAt"
    from editions order by status = 'scheduled' desc, date desc, id desc limit ${limit}`.execute(
    db,
  );
  return rows;
}
