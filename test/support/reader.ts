import { parseAddress } from '../../src/lib/address.ts';
import type { NoticePurpose } from '../../src/lib/notice.ts';
import { settleSignUps, signUp } from '../../src/readers/sign-up.ts';
import { makeToken, type Purpose } from '../../src/readers/token.ts';
import { suppressionKey } from '../../src/store/settings.ts';
import { findSubscriber } from '../../src/store/subscribers.ts';
import type { TestApp } from './app.ts';

/** An address that is one, or a failure. */
export function anAddress(text: string) {
  const address = parseAddress(text);
  if (!address.ok) throw new Error(address.problem);
  return address.value;
}

/** Signs somebody up and decides it at once. @returns how many notices that queued. */
export async function join(
  { db, runtime }: TestApp,
  text = 'ada@example.org',
  frequency: 'daily' | 'weekly' = 'daily',
): Promise<number> {
  const key = await suppressionKey(db, runtime);
  await signUp(db, runtime, key, { address: anAddress(text), frequency });
  return settleSignUps(db, runtime);
}

/** The purposes of all notices, in the order in which they were queued. */
export async function noticesOf({ db }: TestApp): Promise<readonly NoticePurpose[]> {
  const rows = await db.selectFrom('notices').select('purpose').orderBy('id').execute();
  return rows.map(({ purpose }) => purpose);
}

/** A reader's status; undefined where nothing is known of the address. */
export async function statusOf({ db }: TestApp, address = 'ada@example.org') {
  return (await findSubscriber(db, address))?.status;
}

/** A link as a mail to this reader would hold it. */
export async function linkFor(
  { db, linkKeys }: TestApp,
  purpose: Purpose,
  address = 'ada@example.org',
): Promise<string> {
  const subscriber = await findSubscriber(db, address);
  const id = subscriber?.id ?? 0;
  const notice = await db
    .selectFrom('notices')
    .select('id')
    .where('subscriberId', '=', id)
    .where('purpose', '=', 'manage')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const number = purpose === 'manage' ? (notice?.id ?? 0) : id;
  return makeToken(linkKeys[0], purpose, number, subscriber?.tokenCounter ?? 0);
}
