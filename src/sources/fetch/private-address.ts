import { BlockList, isIP } from 'node:net';

/**
 * IPv4 that no public server has: this network and machine, private and shared ranges, link-local
 * with the metadata services of clouds, documentation, benchmarks, multicast, reserved
 * (https://www.iana.org/assignments/iana-ipv4-special-registry).
 */
const ipv4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
  192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
  240.0.0.0/4`;

/**
 * Within 2000::/3, the only IPv6 that is public: protocols and tunnels (which hold another address),
 * documentation (https://www.iana.org/assignments/iana-ipv6-special-registry).
 */
const ipv6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20';

/** The addresses in which a network that has only IPv6 wraps IPv4 (RFC 6052). */
const nat64 = '64:ff9b::';

const blocked = new BlockList();
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
global.addSubnet(nat64, 96, 'ipv6');
for (const range of ipv6.split(/\s+/)) {
  const [network = '', bits] = range.split('/');
  blocked.addSubnet(network, Number(bits), 'ipv6');
}
for (const range of ipv4.split(/\s+/)) {
  const [network = '', bits] = range.split('/');
  blocked.addSubnet(network, Number(bits), 'ipv4');
  blocked.addSubnet(`${nat64}${network}`, 96 + Number(bits), 'ipv6');
}

/** Decides which IP addresses may be connected to. */
export type MayConnect = (address: string) => boolean;

/**
 * Whether `address` (IPv4 or IPv6, as text) is anything but a public one; IPv4 written as IPv6 counts
 * as what it is, and what is no address counts as private.
 */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const version = isIP(plain);
  if (version === 0) return true;
  if (version === 4) return blocked.check(plain, 'ipv4');
  return blocked.check(plain, 'ipv6') || !(isMapped(plain) || global.check(plain, 'ipv6'));
}

/** `::ffff:8.8.8.8`, however it is written; the list of what is blocked knows it as IPv4. */
function isMapped(ipv6: string): boolean {
  return /^\[::ffff:[\da-f]{1,4}:[\da-f]{1,4}\]$/.test(new URL(`http://[${ipv6}]`).hostname);
}
