import { createHmac } from 'node:crypto';
import type { Context } from 'hono';
import { type ActLimit, countAct } from '../../store/joining.ts';
import { clientOf, networkOf } from './client-address.ts';
import type { WebParts } from './pages.ts';

const hour = 3_600_000;

/** How often one address on the internet, and one network, may try within an hour. */
const perClient = 20;
const perNetwork = 100;
/** How often one mailbox may be typed in an hour; the mails it gets are counted besides. */
const perMailbox = 5;

/** What is over its limit: who asks, or the address they ask for. */
export type Excess = 'client' | 'address' | null;

/**
 * Counts a try to have somebody mailed. Kept in the database, so that a restart forgets nothing,
 * under keyed hashes, so that nobody's address is in it.
 * @param addressKey null where the try names no address.
 */
export async function countTry(
  { db, runtime, proxies, suppressionKey }: WebParts,
  context: Context,
  addressKey: string | null,
): Promise<Excess> {
  const client = clientOf(context, proxies);
  const limit = (kind: string, value: string, count: number): ActLimit => ({
    key: createHmac('sha256', suppressionKey).update(`${kind} ${value}`).digest('base64url'),
    count,
    perMs: hour,
  });
  const ofClient = [
    limit('client', client, perClient),
    limit('network', networkOf(client), perNetwork),
  ];
  const ofAddress = limit('address', mailboxOf(addressKey ?? ''), perMailbox);
  const limits = addressKey === null ? ofClient : [...ofClient, ofAddress];
  const over = await countAct(db, limits, runtime.now());
  if (ofClient.some(({ key }) => over.has(key))) return 'client';
  return over.has(ofAddress.key) ? 'address' : null;
}

/**
 * Addresses that many servers deliver to one mailbox are counted as one: with a tag after a plus
 * (RFC 5233), with and without dots. They stay different readers.
 */
function mailboxOf(addressKey: string): string {
  const at = addressKey.lastIndexOf('@');
  const local = addressKey.slice(0, at).replace(/(?<=.)\+.*$/, '');
  return `${local.replaceAll('.', '')}${addressKey.slice(at)}`;
}
