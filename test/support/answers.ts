import { gunzipSync } from 'node:zlib';
import type { Database } from '../../src/store/database.ts';
import type { Answer } from '../../src/store/papers.ts';

/** The answers fetched since `since` (UTC ms), unpacked, in the order in which they came last. */
export async function keptAnswers(db: Database, since: number): Promise<Answer[]> {
  const kept = db.selectFrom('answers').selectAll().where('fetchedAt', '>=', since);
  const rows = await kept.orderBy('fetchedAt').execute();
  return rows.map(({ bodyHash, body, ...row }) => ({
    ...row,
    body: gunzipSync(Buffer.from(body, 'base64')),
  }));
}
