import { BlockList, isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import type { Runtime } from '../../lib/runtime.ts';

/** The proxies whose X-Forwarded-For is believed. */
export type TrustedProxies = { has(address: string): boolean };

/** Reads networks, `10.0.0.0/8` or `2001:db8::/32`, as the setting TRUST_PROXY checked them. */
export function trustedProxies(networks: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family(address));
  }
  return { has: address => isIP(address) !== 0 && list.check(address, family(address)) };
}

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/**
 * The client's IP address. Each proxy appends to X-Forwarded-For who it was called by, so the list
 * is read from its right end, and only for as long as who appended is trusted: what stands further
 * left is what a client claims (the same danger as with Forwarded, RFC 7239 §8.1). An entry that
 * cannot be read ends the walk at the last good one.
 * @param peer the socket's other end; '' where there is none.
 * @param forwarded the header, its lines joined with commas.
 * @returns an address that is written one way only, IPv4 as such also where it came inside IPv6.
 */
export function clientAddress(
  peer: string,
  forwarded: string | null,
  trusted: TrustedProxies,
): string {
  let client = readAddress(peer) ?? '';
  for (const entry of forwarded?.split(',').reverse() ?? []) {
    const before = trusted.has(client) ? readAddress(entry) : null;
    if (before === null) break;
    client = before;
  }
  return client;
}

/** The socket's other end in a request that @hono/node-server brought; '' in one without. */
export function peerOf(context: Context): string {
  return context.env?.incoming?.socket?.remoteAddress ?? '';
}

/** The address of the client that a request came from. */
export function clientOf(context: Context, trusted: TrustedProxies): string {
  const forwarded = context.req.header('x-forwarded-for') ?? null;
  return clientAddress(peerOf(context), forwarded, trusted);
}

/**
 * Who is counted as one when requests are: the /24 of an IPv4 address, the /48 of an IPv6 address,
 * since one customer has at least that many (RFC 6177). What is no address is counted by itself.
 */
export function networkOf(address: string): string {
  switch (isIP(address)) {
    case 4:
      return address.replace(/\d+$/, '0/24');
    case 6:
      return `${groupsOf(address).slice(0, 3).join(':')}::/48`;
    default:
      return address;
  }
}

/** Some proxies add the port: `192.0.2.1:443`, `[2001:db8::1]:443`. */
function readAddress(text: string): string | null {
  const [, bracketed, withPort] = /^\s*(?:\[(.*)\](?::\d+)?|([\d.]+):\d+)\s*$/.exec(text) ?? [];
  const address = (bracketed ?? withPort ?? text).trim().replace(/%.*$/, '');
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : null;
  const short = shortForm(address);
  // RFC 4291 §2.5.5.2: an IPv4 address in the last two groups.
  const [, ...pair] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(short) ?? [];
  const bytes = pair.flatMap(group => [...Buffer.from(group.padStart(4, '0'), 'hex')]);
  return bytes.length > 0 ? bytes.join('.') : short;
}

/** The eight groups of an IPv6 address, without zeros in front. */
function groupsOf(address: string): readonly string[] {
  const [front = '', back] = shortForm(address).split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const [before, after] = [groups(front), groups(back)];
  return [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
}

/** As RFC 5952 §4 writes it, which is how the URL standard does. */
function shortForm(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** Where proxies live: this machine, and private networks (RFC 1918, RFC 4193). */
const nearby = trustedProxies(
  '127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7'.split(' '),
);

/**
 * Says once, in the log, that requests come through a proxy that TRUST_PROXY does not name: all
 * readers are one client then, and of many who sign up in an hour most are sent away.
 */
export function tellOfProxy({
  runtime,
  proxies,
}: {
  readonly runtime: Pick<Runtime, 'log'>;
  readonly proxies: TrustedProxies;
}): MiddlewareHandler {
  let told = false;
  return (context, next) => {
    if (!told && context.req.method === 'POST' && context.req.header('x-forwarded-for')) {
      const peer = clientAddress(peerOf(context), null, proxies);
      if (nearby.has(peer) && !proxies.has(peer)) {
        told = true;
        runtime.log.warn(
          { proxy: peer },
          'requests come through a proxy that is not trusted, so all readers count as one: name it in TRUST_PROXY',
        );
      }
    }
    return next();
  };
}
