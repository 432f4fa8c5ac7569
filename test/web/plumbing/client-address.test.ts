import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import {
  clientAddress,
  clientOf,
  networkOf,
  trustedProxies,
} from '../../../src/web/plumbing/client-address.ts';

const nobody = trustedProxies([]);
const ours = trustedProxies(['127.0.0.0/8', '::1/128', '10.0.0.0/8', '2001:db8:ffff::/48']);

describe('a client’s address', () => {
  it('is the peer’s, whatever is claimed, where no proxy is trusted', () => {
    expect(clientAddress('127.0.0.1', '198.51.100.7', nobody)).toBe('127.0.0.1');
  });

  it('is the peer’s where the peer is no proxy of ours', () => {
    expect(clientAddress('203.0.113.9', '198.51.100.7', ours)).toBe('203.0.113.9');
  });

  it.each([
    ['what the proxy says', '198.51.100.7', '198.51.100.7'],
    ['not what the client says before it', '1.1.1.1, 198.51.100.7', '198.51.100.7'],
    ['found through several proxies', '1.1.1.1, 198.51.100.7, 10.0.0.2 ,10.0.0.3', '198.51.100.7'],
    ['the first where all are ours', '10.9.9.9, 10.0.0.2', '10.9.9.9'],
    ['the last good one before rubbish', '198.51.100.7, unknown, 10.0.0.2', '10.0.0.2'],
    ['the proxy’s where it says rubbish', '_hidden', '10.0.0.1'],
    ['the proxy’s where it says nothing', '', '10.0.0.1'],
    ['the proxy’s where it says a half', '198.51.100', '10.0.0.1'],
    ['the proxy’s where it says octal', '198.51.100.010', '10.0.0.1'],
    ['without its port', '198.51.100.7:4711', '198.51.100.7'],
    ['IPv6', '2001:DB8:0:0::7', '2001:db8::7'],
    ['IPv6 without its port', '[2001:db8::7]:4711', '2001:db8::7'],
    ['IPv6 in brackets', '[2001:db8::7]', '2001:db8::7'],
    ['IPv6 behind a proxy of IPv6', '2001:db8::7, 2001:db8:ffff::1', '2001:db8::7'],
    ['IPv4 in the clothes of IPv6', '::ffff:198.51.100.7', '198.51.100.7'],
    ['the same in hexadecimal', '::FFFF:c633:6407', '198.51.100.7'],
  ])('is %s', (_title, forwarded, expected) => {
    expect(clientAddress('10.0.0.1', forwarded, ours)).toBe(expected);
  });

  it('is found behind a proxy that comes by IPv4 in IPv6', () => {
    expect(clientAddress('::ffff:10.0.0.1', '198.51.100.7', ours)).toBe('198.51.100.7');
  });

  it('leaves the zone of a link-local peer away', () => {
    expect(clientAddress('fe80::1%eth0', null, ours)).toBe('fe80::1');
  });

  it('is empty where nobody knows', () => {
    expect(clientAddress('', '198.51.100.7', ours)).toBe('');
  });

  it('is never what one who is not trusted claims', () => {
    const entries = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), { maxLength: 5 });
    fc.assert(
      fc.property(entries, claimed => {
        const forwarded = [...claimed, '198.51.100.7', '10.0.0.2'].join(', ');
        expect(clientAddress('10.0.0.1', forwarded, ours)).toBe('198.51.100.7');
      }),
    );
  });

  it('is read from the socket of a request', async () => {
    const web = new Hono().get('/', context => context.text(clientOf(context, ours)));
    const ask = async (env: object) =>
      (await web.request('/', { headers: { 'x-forwarded-for': '198.51.100.7' } }, env)).text();
    expect(await ask({ incoming: { socket: { remoteAddress: '::1' } } })).toBe('198.51.100.7');
    expect(await ask({ incoming: { socket: {} } })).toBe('');
    expect(await ask({})).toBe('');
  });
});

describe('the network that is counted as one', () => {
  it.each([
    ['198.51.100.7', '198.51.100.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8::7', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['2001:db8:1::', '2001:db8:1::/48'],
    ['', ''],
  ])('of %s is %s', (address, network) => expect(networkOf(address)).toBe(network));

  it('is one for all ways to write an address', () => {
    fc.assert(
      fc.property(fc.ipV6(), address => {
        const client = clientAddress(address, null, nobody);
        expect(networkOf(client)).toMatch(/^([\da-f]{1,4}:){3}:\/48$|^([\d.]+)\.0\/24$/);
        expect(clientAddress(client, null, nobody)).toBe(client);
      }),
    );
  });
});
