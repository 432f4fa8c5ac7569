import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Database } from './database.ts';

/** What a source's server answered, unpacked. */
export type Answer = {
  /** The URL that was asked for; redirects may have led elsewhere. */
  readonly url: string;
  /** UTC ms. */
  readonly fetchedAt: number;
  /** 304: the server confirmed the body that we had, which is here again. */
  readonly status: number;
  readonly contentType: string | null;
  readonly body: Uint8Array;
};

/** How long answers, and what was read in them, are kept: milliseconds. */
export const keptFor = 30 * 86_400_000;

/** Keeps a source's answer, compressed; the same answer again only moves its time on. */
export async function keepAnswer(db: Database, answer: Answer): Promise<void> {
  const body = await promisify(gzip)(answer.body);
  await db
    .insertInto('answers')
    .values({
      url: answer.url,
      body_hash: createHash('sha256').update(answer.body).digest('hex'),
      fetched_at: answer.fetchedAt,
      status: answer.status,
      content_type: answer.contentType,
      // The driver takes no bytes.
      body: body.toString('base64'),
    })
    .onConflict(conflict =>
      conflict
        .columns(['url', 'body_hash'])
        .doUpdateSet({ fetched_at: answer.fetchedAt, status: answer.status }),
    )
    .execute();
}

/** The answers fetched since `since` (UTC ms), unpacked, in the order in which they came last. */
export async function keptAnswers(db: Database, since: number): Promise<Answer[]> {
  const rows = await db
    .selectFrom('answers')
    .select(['url', 'fetched_at', 'status', 'content_type', 'body'])
    .where('fetched_at', '>=', since)
    .orderBy('fetched_at')
    .execute();
  return Promise.all(
    rows.map(async row => ({
      url: row.url,
      fetchedAt: row.fetched_at,
      status: row.status,
      contentType: row.content_type,
      body: await promisify(gunzip)(Buffer.from(row.body, 'base64')),
    })),
  );
}

/** Deletes what was seen more than 30 days before `now` (UTC ms) and not again since. */
export async function forgetOldDigests(db: Database, now: number): Promise<void> {
  await db
    .deleteFrom('answers')
    .where('fetched_at', '<', now - keptFor)
    .execute();
  await db
    .deleteFrom('papers_seen')
    .where('seen_at', '<', now - keptFor)
    .execute();
}
